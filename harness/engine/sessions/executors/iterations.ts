import { UserError } from '../../../errors.ts'
import { formatDuration, parseDurationMs } from '../../../metrics/duration.ts'
import { wholeNumber } from '../option-values.ts'
import { drain, loop } from './looping.ts'
import type { CommonConfig, Executor, ExecutorConfig, ScenarioRun } from './port.ts'

const fields = ['vus', 'iterations', 'maxDuration'] as const

/** Users share one number of iterations: who is free takes the next. */
export const sharedIterations: Executor = {
  fields,
  configure(common, raw, title) {
    const config = configure('shared-iterations', common, raw, title)
    const { iterations } = config
    if (iterations < config.maxVUs)
      throw new UserError(`${title}: iterations (${iterations}) cannot be less than vus (${config.maxVUs})`)
    return { ...config, run: (run) => runIterations(run, config, [{ left: iterations }]) }
  },
}

/** Every user does the same number of iterations. */
export const perVuIterations: Executor = {
  fields,
  configure(common, raw, title) {
    const config = configure('per-vu-iterations', common, raw, title)
    const each = (): Budget[] => Array.from({ length: config.maxVUs }, () => ({ left: config.iterations }))
    return { ...config, run: (run) => runIterations(run, config, each()) }
  },
}

/** Iterations still to be started. */
interface Budget {
  left: number
}

type IterationsConfig = Omit<ExecutorConfig, 'run'> & { iterations: number }

function configure(
  executor: string,
  common: CommonConfig,
  raw: Record<string, unknown>,
  title: string,
): IterationsConfig {
  const vus = wholeNumber(raw.vus ?? 1, `${title}: vus`, 1)
  const iterations = wholeNumber(raw.iterations ?? 1, `${title}: iterations`, 1)
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
    iterations,
  }
}

/** @param budgets one for all users, or one for each */
async function runIterations(
  run: ScenarioRun,
  { maxVUs, durationMs, gracefulStopMs }: IterationsConfig,
  budgets: Budget[],
): Promise<void> {
  const users = Array.from({ length: maxVUs }, () => run.acquire()).filter((user) => user !== null)
  const loops = users.map((user, index) => {
    const budget = budgets[index % budgets.length]!
    return loop(run, user, () => run.elapsedMs() < durationMs && budget.left > 0 && budget.left-- > 0)
  })
  await drain(run, loops, users, durationMs + gracefulStopMs)
  for (const user of users) run.release(user)
  // k6: what time did not suffice for was dropped.
  const notStarted = budgets.reduce((sum, { left }) => sum + left, 0)
  if (notStarted > 0) run.drop(notStarted)
}
