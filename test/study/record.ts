import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CampaignEvents, type CampaignRequest, runCampaign } from '../../harness/campaign.ts'
import { ProgressPrinter } from '../../harness/commands/progress.ts'
import { type LoadedConfig, loadConfig } from '../../harness/config.ts'
import { engines } from '../../harness/engine/table.ts'
import type { Run } from '../../harness/record/schema.ts'
import { readHeader, readRun } from '../../harness/record/store.ts'
import { completeBlocks, gather } from './pool/gather.ts'
import { blocksOf, type Pool, printPool, readPool } from './pool/pool.ts'

export interface RecordOptions {
  /** Blocks in all, those of earlier runs included. */
  blocks: number
  /** No block is begun after so many minutes; Infinity: all that are missing. */
  minutes: number
  /** Of the first run; each later one takes the next. */
  seed: number
  /** Where the pool is written. */
  poolFile: string
}

/** Its name in the config. Comparisons that were run live lie in the same folder. */
const campaign = 'study'
const configFile = join(import.meta.dirname, 'weir.config.ts')
const runsDir = join(import.meta.dirname, '.weir', 'runs')

/**
 * Records the blocks that are still missing in the pool, as a campaign of the harness, and adds them to it. What is cut
 * off costs the block that was running: the next call makes a run of what is missing then.
 */
export async function record(options: RecordOptions, signal: AbortSignal): Promise<void> {
  const before = await storedPool(options.poolFile)
  const earlier = await studyRuns()
  const known = before || earlier.length > 0 ? gather(before, earlier) : null
  const missing = options.blocks - (known ? blocksOf(known) : 0)
  if (missing > 0) {
    const config = await loadConfig(configFile)
    const seed = options.seed + (known?.runs.length ?? 0)
    await runBlocks(config, requestOf(config, missing, seed), options.minutes, signal)
  }
  await writePool(options.poolFile, gather(before, await studyRuns()))
}

const requestOf = (config: LoadedConfig, blocks: number, seed: number): CampaignRequest => ({
  name: campaign,
  campaign: { ...config.campaigns[campaign]!, blocks },
  quick: false,
  seed,
  asked: { variants: [], scenarios: [], blocks },
})

/** Ends between two blocks when the time is over, at once when it is interrupted. */
async function runBlocks(
  config: LoadedConfig,
  request: CampaignRequest,
  minutes: number,
  signal: AbortSignal,
): Promise<void> {
  const printer = new ProgressPrinter(process.stdout)
  const timeIsOver = new AbortController()
  const startedMs = performance.now()
  const events: CampaignEvents = {
    planned: ({ header }, plan) => printer.plan(header, plan),
    trialStarted: (trial, number) => printer.trialStarted(trial, number),
    stage: (text) => printer.stage(text),
    progress: (progress) => printer.progress(progress),
    trialEnded: (trial) => printer.trialEnded(trial),
    blockEnded: async () => {
      if (performance.now() - startedMs > minutes * 60_000) timeIsOver.abort()
    },
  }
  try {
    await runCampaign(config, request, engines, events, AbortSignal.any([signal, timeIsOver.signal]))
  } finally {
    printer.end()
  }
}

async function studyRuns(): Promise<Run[]> {
  const dirs = (await readdir(runsDir).catch(() => [])).sort().map((name) => join(runsDir, name))
  const headers = await Promise.all(dirs.map(readHeader))
  const runs = await Promise.all(dirs.filter((_, at) => headers[at]!.campaign === campaign).map(readRun))
  return runs.filter((run) => completeBlocks(run).length > 0)
}

const storedPool = async (file: string): Promise<Pool | null> =>
  existsSync(file) ? readPool(await readFile(file, 'utf8')) : null

async function writePool(file: string, pool: Pool): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(file, printPool(pool))
  console.log(
    `${blocksOf(pool)} blocks, ${pool.trials.length} trials of ${pool.secondsATrial.toFixed(1)} s each: ${file}`,
  )
}
