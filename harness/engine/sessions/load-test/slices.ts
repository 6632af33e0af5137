import type { TestOptions } from '../options.ts'
import type { TestPlan } from './part.ts'

type Load = Pick<TestOptions, 'scenarios' | 'notes' | 'minIterationDurationMs' | 'requestsPerS'>

/**
 * Why a load cannot be run in slices; null: it can. Only users that loop without a pace begin a slice as they went on in the
 * one before, and only of what takes all it can get (the script's note `capacity`) a slice is like the whole.
 */
export function whyNotInSlices({ scenarios, notes, minIterationDurationMs, requestsPerS }: Load): string | null {
  const [load, ...others] = scenarios
  if (!load || others.length > 0) return `it has ${scenarios.length} k6 scenarios, and must have one`
  const { name, executor, cut, startTimeMs } = load
  if (!cut) return `k6 scenario "${name}" has the executor ${executor}, and must have constant-vus`
  if (!notes.capacity.includes(name))
    return `k6 scenario "${name}" is not named in options.ext.weir.capacity, as one that takes all it can get`
  if (startTimeMs > 0) return `k6 scenario "${name}" has a startTime`
  if (notes.phases !== null || notes.sessionsHeldIn !== null)
    return 'options.ext.weir names phases of it, which are times within a load that does not stand still'
  if (minIterationDurationMs > 0 || requestsPerS !== null) return 'minIterationDuration or rps gives it a pace'
  return null
}

/** What was run of a plan, on the time axis of the load alone: as if slices had followed one another without a gap. */
export const planInSlices = (plan: TestPlan, loadMs: number): TestPlan => ({
  ...plan,
  phases: plan.phases.map(({ name }) => ({ name, startS: 0, endS: loadMs / 1000 })),
  scenarios: plan.scenarios.map((scenario) => ({ ...scenario, durationMs: loadMs })),
})
