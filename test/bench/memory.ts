import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CampaignEvents } from '../../harness/campaign.ts'
import { runCampaign } from '../../harness/campaign.ts'
import { isLaunched, type LoadedConfig, loadConfig } from '../../harness/config.ts'
import type { LoadJob } from '../../harness/engine/port.ts'
import { sessionsEngine } from '../../harness/engine/sessions/engine.ts'
import type { TrialRecord } from '../../harness/record/schema.ts'
import { textTable } from './text-table.ts'

const root = join(import.meta.dirname, '../..')

/** What one virtual user of a small script costs before it has done anything. @returns the lines to print */
export async function memoryOfUsers(users: number, cpus: string | null): Promise<string> {
  const one = await initialise(1, cpus)
  const many = await initialise(users, cpus)
  return [
    `${users} users initialised, nothing sent yet: from the start of the process until it is ready, and memory`,
    textTable([
      ['', 'ms', 'ms with 1 user', 'KB/user'],
      ['weir', many.ms.toFixed(0), one.ms.toFixed(0), ((many.rssKB - one.rssKB) / users).toFixed(2)],
    ]),
  ].join('\n')
}

/** Spawn to ready, and what the generator holds then. */
async function initialise(vus: number, cpus: string | null): Promise<{ ms: number; rssKB: number }> {
  const cut = new AbortController()
  const startedMs = performance.now()
  const job: LoadJob = { script: join(root, 'test/bench/get.ts'), env: {}, options: { vus, duration: '1s' }, cpus }
  let ready = { ms: 0, rssKB: 0 }
  await sessionsEngine.run(
    job,
    {
      ready(_, [pid]) {
        ready = { ms: performance.now() - startedMs, rssKB: rssOf(pid!) }
        cut.abort()
      },
    },
    cut.signal,
  )
  return ready
}

const rssOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) * 1.024

/**
 * What one open WebSocket session costs: the campaign's own scenario and its own figures, with hardly a turn taken.
 * @returns the lines to print
 */
export async function memoryOfSessions(sessions: number, dir: string): Promise<string> {
  const config = inFolder(await loadConfig(join(root, 'weir.config.ts')), dir)
  const scenario = 'ten-thousand-sessions'
  const env = {
    SESSIONS: `${sessions}`,
    RAMP_SECONDS: '10',
    HOLD_SECONDS: '5',
    DOWN_SECONDS: '3',
    THINK_SECONDS: '3600',
  }
  config.scenarios[scenario] = { ...config.scenarios[scenario]!, env }
  const campaign = {
    question: 'What does an open session cost?',
    variants: ['optimized'],
    baseline: 'optimized',
    scenarios: [scenario],
    blocks: 1,
    quick: { blocks: 1 },
  }
  const request = { name: 'sessions', campaign, quick: false, seed: 1 }
  const { run } = await runCampaign(config, request, sessionsEngine, silent, new AbortController().signal)
  return describe(run.records[0]!, sessions)
}

function describe(record: TrialRecord, sessions: number): string {
  if (record.failure) throw new Error([record.failure.message, ...record.failure.outputTail].join('\n'))
  const figure = (metric: string) => record.observations.find((each) => each.metric === metric)
  const [gateway, generator] = [figure('target_rss_per_session'), figure('generator_rss_per_user')]
  return [
    `${sessions} WebSocket sessions, ${gateway?.n} of them open: (RSS with all - RSS with none) / sessions`,
    textTable([
      ['', 'KB/session'],
      ['weir', generator?.value.toFixed(1) ?? '-'],
      ['reference gateway', gateway?.value.toFixed(1) ?? '-'],
    ]),
  ].join('\n')
}

/** The repository's config, with everything that it writes in another folder. */
function inFolder(config: LoadedConfig, dir: string): LoadedConfig {
  const { optimized } = config.variants
  if (!optimized || !isLaunched(optimized)) throw new Error(`${config.file} has no variant "optimized" to launch`)
  return {
    ...config,
    dir,
    services: mapValues(config.services, (service) => ({ ...service, cwd: root })),
    variants: { optimized: { ...optimized, cwd: root } },
    scenarios: mapValues(config.scenarios, (scenario) => ({ ...scenario, script: join(root, scenario.script) })),
    ...(config.warmup ? { warmup: { ...config.warmup, script: join(root, config.warmup.script) } } : {}),
  }
}

const mapValues = <T, R>(record: Record<string, T>, change: (value: T) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))

const silent: CampaignEvents = {
  planned: () => {},
  trialStarted: () => {},
  stage: () => {},
  progress: () => {},
  trialEnded: () => {},
  blockEnded: async () => {},
}
