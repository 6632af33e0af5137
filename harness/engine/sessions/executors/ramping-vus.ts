import { UserError } from '../../../errors.ts'
import { formatDuration, parseDurationMs } from '../../../metrics/duration.ts'
import { wholeNumber } from '../options/values.ts'
import type { VirtualUser } from '../users/vu.ts'
import { drain, loop } from './looping.ts'
import type { Executor, ScenarioRun } from './port.ts'
import type { Segment } from './segment.ts'
import { highestTarget, readStages, type Stage, totalMs } from './stages.ts'

/** From `offsetMs` on, `vus` users are wanted. */
export interface Step {
  offsetMs: number
  vus: number
}

/** The linear ramps as single steps of one user each: the number wanted changes where the line crosses a whole number. */
export function rampSteps(startVUs: number, stages: readonly Stage[]): Step[] {
  const steps: Step[] = [{ offsetMs: 0, vus: startVUs }]
  let from = startVUs
  let stageStartMs = 0
  for (const { durationMs, target } of stages) {
    const change = target - from
    const direction = Math.sign(change)
    for (let done = 1; done <= Math.abs(change); done++) {
      steps.push({ offsetMs: stageStartMs + (durationMs * done) / Math.abs(change), vus: from + direction * done })
    }
    from = target
    stageStartMs += durationMs
  }
  return steps
}

/** The steps at which a segment's own share changes: the segments together make the ramp of the whole. */
export function stepsOfSegment(steps: readonly Step[], segment: Segment): Step[] {
  const own = steps.map(({ offsetMs, vus }) => ({ offsetMs, vus: segment.scale(vus) }))
  return own.filter(({ vus }, index) => index === 0 || vus !== own[index - 1]!.vus)
}

/** A number of looping users that follows stages up and down (closed model). */
export const rampingVus: Executor = {
  fields: ['startVUs', 'stages', 'gracefulRampDown'],
  configure(common, raw, title, segment) {
    const startVUs = wholeNumber(raw.startVUs ?? 1, `${title}: startVUs`)
    const stages = readStages(raw.stages, title)
    const gracefulRampDownMs = parseDurationMs((raw.gracefulRampDown ?? '30s') as string, `${title}: gracefulRampDown`)
    const durationMs = totalMs(stages)
    const highest = highestTarget(startVUs, stages)
    if (highest === 0)
      throw new UserError(`${title}: either startVUs or one of the stages' target values must be greater than 0`)
    const maxVUs = segment.scale(highest)
    const steps = stepsOfSegment(rampSteps(startVUs, stages), segment)
    return {
      ...common,
      executor: 'ramping-vus',
      maxVUs,
      plannedVUs: maxVUs,
      durationMs,
      isOpenModel: false,
      iterationSegment: segment,
      description: `up to ${maxVUs} looping users for ${formatDuration(durationMs)} over ${stages.length} stages`,
      run: (run) => runSteps(run, steps, durationMs, gracefulRampDownMs, common.gracefulStopMs),
    }
  },
}

/** One place in the ramp: the same user goes on when the ramp comes back up. */
interface Seat {
  user: VirtualUser
  isWanted: boolean
  /** While it is not wanted: until when its iteration may go on. */
  stopAtMs: number
  running: Promise<void> | null
}

async function runSteps(
  run: ScenarioRun,
  steps: Step[],
  durationMs: number,
  gracefulRampDownMs: number,
  gracefulStopMs: number,
): Promise<void> {
  const seats: Seat[] = []
  let wanted = 0

  const seatUp = (index: number): void => {
    let seat = seats[index]
    if (!seat || seat.user.isStopped) {
      if (seat) run.release(seat.user)
      const user = run.acquire()
      if (!user) return
      seat = { user, isWanted: true, stopAtMs: Number.POSITIVE_INFINITY, running: null }
      seats[index] = seat
    }
    seat.isWanted = true
    if (seat.running === null) startLoop(seat)
  }

  const startLoop = (seat: Seat): void => {
    seat.running = loop(run, seat.user, () => seat.isWanted && run.elapsedMs() < durationMs).then(() => {
      seat.running = null
      if (seat.isWanted && !seat.user.isStopped && !run.isStopping && run.elapsedMs() < durationMs) startLoop(seat)
    })
  }

  // The highest-numbered users go first: gracefully, then hard.
  const seatDown = (index: number, atMs: number): void => {
    const seat = seats[index]
    if (!seat) return
    const stopAtMs = atMs + gracefulRampDownMs
    seat.isWanted = false
    seat.stopAtMs = stopAtMs
    void run.until(stopAtMs).then(() => {
      // It may have been wanted again in between, and sent away anew, with time of its own.
      if (!seat.isWanted && seat.stopAtMs === stopAtMs && seat.user.isBusy) seat.user.stop()
    })
  }

  for (const step of steps) {
    if (run.elapsedMs() < step.offsetMs) await run.until(step.offsetMs)
    if (run.isStopping) break
    while (wanted < step.vus) seatUp(wanted++)
    while (wanted > step.vus) seatDown(--wanted, step.offsetMs)
  }
  if (!run.isStopping) await run.until(durationMs)
  const loops = seats.map((seat) => seat.running ?? Promise.resolve())
  await drain(
    run,
    loops,
    seats.map((seat) => seat.user),
    durationMs + gracefulStopMs,
  )
  for (const seat of seats) run.release(seat.user)
}
