/**
 * How much pairs of a server with itself differ, where a pair is two whole trials and where it is run in slices, with the same
 * load on each side. Pairs of both ways take turns, so that what drifts meets both.
 *
 *   npm run bench:slices -- --help
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CampaignRequest, runCampaign } from '../../harness/campaign.ts'
import { checkConfig, type LoadedConfig } from '../../harness/config.ts'
import { engines } from '../../harness/engine/table.ts'
import { UserError } from '../../harness/errors.ts'
import { pinning } from '../../harness/target/pinning.ts'
import { control } from '../study/conditions.ts'
import { silent } from '../support/fake-engine.ts'
import { type BenchedPair, faultsOf, figuresOf, type Mode } from './slices/figures.ts'
import { readSlicesOptions, type SlicesOptions, usage } from './slices/options.ts'
import { textTable } from './text-table.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-bench-'))
const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort())
try {
  if (process.argv.includes('--help')) console.log(usage)
  else await measure(readSlicesOptions(process.argv.slice(2)))
} catch (error) {
  console.error(
    `bench:slices: ${error instanceof UserError ? error.message : ((error as Error).stack ?? String(error))}`,
  )
  process.exitCode = 1
} finally {
  rmSync(dir, { recursive: true, force: true })
}

async function measure(options: SlicesOptions): Promise<void> {
  const { length, 0: cpu } = cpus()
  console.log(
    `${length} cores (${cpu?.model.trim()}), Node ${process.version}; ${pinning().note}; load average ${loadavg()[0]!.toFixed(2)} before`,
  )
  const config = configOf(options)
  const pairs: BenchedPair[] = []
  for (let number = 0; number < options.pairs; number++) {
    for (const mode of number % 2 === 0 ? (['trials', 'slices'] as const) : (['slices', 'trials'] as const)) {
      const request = requestOf(mode, options.seed + number)
      const { run } = await runCampaign(config, request, engines, silent, interrupted.signal)
      if (interrupted.signal.aborted) throw new UserError('interrupted')
      pairs.push({ mode, records: run.records })
    }
  }
  console.log(`\n${textTable(figuresOf(pairs))}`)
  for (const fault of faultsOf(pairs)) console.log(`  not used: ${fault}`)
}

function configOf({ seconds, lengthMs }: SlicesOptions): LoadedConfig {
  const own = {
    command: ['{node}', join(import.meta.dirname, '../study/target/server.ts')],
    env: { ...control.env, PORT: '{port}' },
    ready: { http: '/ready' },
  }
  const warmup = { script: join(import.meta.dirname, '../study/target/warm-up.ts') }
  const load = { script: join(import.meta.dirname, 'slices/load.ts'), env: { SECONDS: String(seconds) } }
  const scenarios = { trials: load, slices: { ...load, pairs: { slices: { length: `${lengthMs}ms` } } } }
  const checked = checkConfig({ variants: { same: own, again: own }, scenarios, warmup, campaigns: {} }, 'bench:slices')
  return { ...checked, dir, file: 'bench:slices' }
}

/** One pair, without any look. */
function requestOf(mode: Mode, seed: number): CampaignRequest {
  return {
    name: mode,
    campaign: {
      ...{ question: 'Does a server differ from itself?', variants: ['same', 'again'], scenarios: [mode] },
      ...{ baseline: 'same', blocks: 1, moreBlocks: 0, quick: { blocks: 1 } },
    },
    ...{ quick: false, seed, asked: { variants: [], scenarios: [], blocks: null } },
    comparison: {
      ...{ variant: 'again', against: 'same', budgetMs: 3_600_000, mostPairs: 1 },
      metricsOf: ({ name, primary }) => [
        { scenario: name, metric: primary, margins: { change: 0.01, equivalence: 0.03 } },
      ],
      statistics: { planLooks: () => [1], statesOf: () => new Map() },
    },
  }
}
