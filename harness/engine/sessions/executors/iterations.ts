import { UserError } from '../../../errors.ts'
import { formatDuration } from '../../../metrics/duration.ts'
import { type Raw, wholeNumber } from '../options/values.ts'
import { readDuration } from './durations.ts'
import { drain, loop } from './looping.ts'
import type { CommonConfig, Executor, ScenarioRun } from './port.ts'
import { wholeTest } from './segment.ts'

const fields = ['vus', 'iterations', 'maxDuration'] as const

/** Users share one number of iterations: who is free takes the next. */
export const sharedIterations: Executor = {
  fields,
  configure(common, raw, title, segment) {
    const whole = readIterations(raw, title)
    if (whole.iterations < whole.vus)
      throw new UserError(
        `${title}: the number of iterations (${whole.iterations}) can't be less than the number of VUs (${whole.vus})`,
      )
    const vus = segment.scale(whole.vus)
    // As in k6 the iterations follow the users: a segment without users gets none of them.
    const share = segment.among(whole.vus)
    const plan = { ...whole, vus, iterations: share ? share.scale(whole.iterations) : 0 }
    return {
      ...asConfig('shared-iterations', common, plan, 'shared among them'),
      iterationSegment: share ?? wholeTest,
      run: (run) => runIterations(run, common, plan, [{ left: plan.iterations }]),
    }
  },
}

/** Every user does the same number of iterations. */
export const perVuIterations: Executor = {
  fields,
  configure(common, raw, title, segment) {
    const whole = readIterations(raw, title)
    const plan = { ...whole, vus: segment.scale(whole.vus) }
    const each = (): Budget[] => Array.from({ length: plan.vus }, () => ({ left: plan.iterations }))
    return {
      ...asConfig('per-vu-iterations', common, plan, 'each'),
      iterationSegment: segment,
      run: (run) => runIterations(run, common, plan, each()),
    }
  },
}

/** Iterations still to be started. */
interface Budget {
  left: number
}

interface IterationPlan {
  vus: number
  iterations: number
  durationMs: number
}

function readIterations(raw: Raw, title: string): IterationPlan {
  const vus = wholeNumber(raw.vus ?? 1, `${title}: vus`, 1)
  const iterations = wholeNumber(raw.iterations ?? 1, `${title}: iterations`, 1)
  return { vus, iterations, durationMs: readDuration(raw.maxDuration ?? '10m', title, 'maxDuration') }
}

const asConfig = (executor: string, common: CommonConfig, plan: IterationPlan, manner: string) => ({
  ...common,
  executor,
  maxVUs: plan.vus,
  plannedVUs: plan.vus,
  durationMs: plan.durationMs,
  isOpenModel: false,
  description: `${plan.vus} users, ${plan.iterations} iterations ${manner} (at most ${formatDuration(plan.durationMs)})`,
})

/** @param budgets one for all users, or one for each */
async function runIterations(
  run: ScenarioRun,
  { gracefulStopMs }: CommonConfig,
  { vus, durationMs }: IterationPlan,
  budgets: Budget[],
): Promise<void> {
  const users = Array.from({ length: vus }, () => run.acquire()).filter((user) => user !== null)
  const loops = users.map((user, index) => {
    const budget = budgets[index % budgets.length]!
    return loop(run, user, () => run.elapsedMs() < durationMs && budget.left > 0 && budget.left-- > 0)
  })
  await drain(run, loops, users, durationMs + gracefulStopMs)
  for (const user of users) run.release(user)
  // k6: what time did not suffice for was dropped; in a test that was ended from outside nothing is said of it.
  if (run.isStopping) return
  const notStarted = budgets.reduce((sum, { left }) => sum + left, 0)
  if (notStarted > 0) run.drop(notStarted)
}
