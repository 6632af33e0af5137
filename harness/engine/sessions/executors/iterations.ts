import { formatDuration, parseDurationMs } from '../../../metrics/duration.ts'
import { wholeNumber } from '../options.ts'
import { drain, loop } from './looping.ts'
import type { CommonConfig, Executor, ExecutorConfig } from './port.ts'

const fields = ['vus', 'iterations', 'maxDuration'] as const

/** Users share one number of iterations: who is free takes the next. */
export const sharedIterations: Executor = {
  fields,
  configure: (common, raw, title) =>
    configure('shared-iterations', common, raw, title, (iterations) => {
      let left = iterations
      return () => () => left-- > 0
    }),
}

/** Every user does the same number of iterations. */
export const perVuIterations: Executor = {
  fields,
  configure: (common, raw, title) =>
    configure('per-vu-iterations', common, raw, title, (iterations) => () => {
      let left = iterations
      return () => left-- > 0
    }),
}

/** @param makeCounter called when the scenario starts; gives each user the question "is there one more for me?" */
function configure(
  executor: string,
  common: CommonConfig,
  raw: Record<string, unknown>,
  title: string,
  makeCounter: (iterations: number) => () => () => boolean,
): ExecutorConfig {
  const vus = wholeNumber(raw.vus ?? 1, `${title}: vus`)
  const iterations = wholeNumber(raw.iterations ?? 1, `${title}: iterations`)
  const durationMs = parseDurationMs((raw.maxDuration ?? '10m') as string, `${title}: maxDuration`)
  const each = executor === 'per-vu-iterations' ? ' each' : ' shared among them'
  return {
    ...common,
    executor,
    maxVUs: vus,
    plannedVUs: vus,
    durationMs,
    isOpenModel: false,
    description: `${vus} users, ${iterations} iterations${each} (at most ${formatDuration(durationMs)})`,
    async run(run) {
      const users = Array.from({ length: vus }, () => run.acquire()).filter((user) => user !== null)
      const counterFor = makeCounter(iterations)
      const loops = users.map((user) => {
        const hasMore = counterFor()
        return loop(run, user, () => run.elapsedMs() < durationMs && hasMore())
      })
      await drain(run, loops, users, durationMs + common.gracefulStopMs)
      for (const user of users) run.release(user)
    },
  }
}
