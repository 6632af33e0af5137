import { UserError } from '../../../errors.ts'
import { formatDuration, parseDurationMs } from '../../../metrics/duration.ts'
import { wholeNumber } from '../option-values.ts'
import type { VirtualUser } from '../vu.ts'
import type { Executor, ScenarioRun } from './port.ts'
import { UserQueue } from './user-queue.ts'

/** Number of starts and when each is due: absolute offsets from the scenario's start, never "the last plus an interval". */
export function arrivalSchedule(rate: number, timeUnitMs: number, durationMs: number) {
  return {
    count: Math.ceil((durationMs * rate) / timeUnitMs),
    dueMs: (index: number): number => (index * timeUnitMs) / rate,
  }
}

/** Iterations start by a clock, whether or not earlier ones have ended (open model). */
export const constantArrivalRate: Executor = {
  fields: ['rate', 'timeUnit', 'duration', 'preAllocatedVUs', 'maxVUs'],
  configure(common, raw, title) {
    const rate = wholeNumber(raw.rate, `${title}: rate`, 1)
    const timeUnitMs = parseDurationMs((raw.timeUnit ?? '1s') as string, `${title}: timeUnit`)
    const durationMs = parseDurationMs((raw.duration ?? '') as string, `${title}: duration`)
    const preAllocated = wholeNumber(raw.preAllocatedVUs, `${title}: preAllocatedVUs`)
    const maxVUs = wholeNumber(raw.maxVUs ?? preAllocated, `${title}: maxVUs`)
    if (maxVUs < preAllocated)
      throw new UserError(`${title}: maxVUs (${maxVUs}) is below preAllocatedVUs (${preAllocated})`)
    const schedule = arrivalSchedule(rate, timeUnitMs, durationMs)
    return {
      ...common,
      executor: 'constant-arrival-rate',
      maxVUs,
      plannedVUs: preAllocated,
      durationMs,
      isOpenModel: true,
      description: `${rate} iterations/${timeUnitMs === 1000 ? 's' : formatDuration(timeUnitMs)} for ${formatDuration(durationMs)} (${preAllocated} to ${maxVUs} users)`,
      run: (run) => runSchedule(run, schedule, preAllocated, durationMs, common.gracefulStopMs),
    }
  },
}

async function runSchedule(
  run: ScenarioRun,
  schedule: { count: number; dueMs(index: number): number },
  preAllocated: number,
  durationMs: number,
  gracefulStopMs: number,
): Promise<void> {
  const idle = new UserQueue(preAllocated)
  const users: VirtualUser[] = []
  const inFlight = new Set<Promise<void>>()
  const add = (user: VirtualUser | null): void => {
    if (!user) return
    users.push(user)
    idle.push(user)
  }
  for (let index = 0; index < preAllocated; index++) add(run.acquire())

  const start = (user: VirtualUser, dueMs: number): void => {
    const iteration = run.iterate(user, dueMs).then(() => {
      inFlight.delete(iteration)
      if (!user.isStopped) idle.push(user)
    })
    inFlight.add(iteration)
  }

  for (let index = 0; index < schedule.count && !run.isStopping; index++) {
    const dueMs = schedule.dueMs(index)
    if (run.elapsedMs() < dueMs) await run.until(dueMs)
    if (run.isStopping) break
    const user = idle.shift()
    if (user) start(user, dueMs)
    else {
      // As in k6 the start is lost for good; the new user serves later ones.
      run.drop()
      add(run.grow())
    }
  }
  if (!run.isStopping) await run.until(durationMs)
  await settle(run, inFlight, users, durationMs + gracefulStopMs)
  for (const user of users) run.release(user)
}

async function settle(
  run: ScenarioRun,
  inFlight: Set<Promise<void>>,
  users: VirtualUser[],
  deadlineMs: number,
): Promise<void> {
  if (inFlight.size === 0) return
  const all = Promise.all(inFlight)
  await Promise.race([all, run.until(deadlineMs)])
  if (inFlight.size > 0) for (const user of users) if (user.isBusy) user.stop()
  await all
}
