import { join } from 'node:path'
import { monotonicNow } from '../clock.ts'
import type { TrialFailure, TrialRecord } from '../record/schema.ts'
import type { TrialEvents, TrialPlan, TrialSetting } from './plan.ts'
import { emptyRecord } from './record.ts'
import { Side } from './side.ts'

/** How servers that are alive together take turns. */
export interface Turns {
  lengthMs: number
  /** Whose turn it is, one after the other: the index of its plan. */
  order: readonly number[]
}

/**
 * The story of trials in slices, those of a pair or of a block: their servers are started afresh, one after the other, and stay
 * alive; load alternates between them, each slice drained before the next begins, so that only one of them is under load
 * at a time. Together they are one observation of each. Who fails has no further turn, and the others go on as long as
 * there are two of them; else their records are void too. Whatever was started is stopped when this resolves or rejects.
 *
 * @param plans in the order in which they are started
 * @returns a record of each, in the order of the plans
 * @throws the signal's reason when the run was interrupted
 */
export async function runInSlices(
  plans: readonly TrialPlan[],
  turns: Turns,
  setting: TrialSetting,
  events: TrialEvents,
  signal: AbortSignal,
): Promise<TrialRecord[]> {
  const startedAt = new Date().toISOString()
  const startedMs = monotonicNow()
  const sides = plans.map((plan, index) => new Side(plan, settingOf(setting, index), signal))
  let measured: Partial<TrialRecord>[]
  try {
    measured = await measure(sides, turns, events, signal)
  } finally {
    await Promise.all(sides.map((side) => side.stop()))
  }
  const durationS = (monotonicNow() - startedMs) / 1000 / sides.length
  return sides.map((side, index) => ({
    ...emptyRecord(side.plan, setting, startedAt),
    ...measured[index],
    ...failureIn(side, sides),
    durationS,
  }))
}

/** Each has a scratch folder of its own at the same time. */
const settingOf = (setting: TrialSetting, index: number): TrialSetting => ({
  ...setting,
  scratchDir: join(setting.scratchDir, String(index)),
})

/** Of one alone nothing can be compared, unless there never was another. */
const canGoOn = (sides: readonly Side[]): boolean =>
  sides.filter(({ isOut }) => !isOut).length >= Math.min(2, sides.length)

async function measure(
  sides: readonly Side[],
  turns: Turns,
  events: TrialEvents,
  signal: AbortSignal,
): Promise<Partial<TrialRecord>[]> {
  // One after the other: while one boots or warms up, the others are left alone on their cores.
  for (const side of sides) if (canGoOn(sides)) await side.open(events)
  signal.throwIfAborted()
  const zeroMs = monotonicNow()
  await takeTurns(sides, turns, events, signal)
  events.stage('stopping')
  const measured: Partial<TrialRecord>[] = []
  for (const side of sides) measured.push(await side.finish(zeroMs))
  signal.throwIfAborted()
  return measured
}

async function takeTurns(
  sides: readonly Side[],
  { order, lengthMs }: Turns,
  events: TrialEvents,
  signal: AbortSignal,
): Promise<void> {
  // Too many to tell of each.
  events.stage(`${order.length} slices of ${lengthMs} ms, by turns`)
  for (const index of order) {
    if (signal.aborted || !canGoOn(sides)) return
    const side = sides[index]!
    if (!side.isOut) await side.takeTurn(lengthMs)
  }
}

/** Its own failure, or that of another, which left it without anything to be compared with. */
function failureIn(own: Side, sides: readonly Side[]): { failure?: TrialFailure } {
  if (own.failure) return { failure: own.failure }
  const other = sides.find(({ failure }) => failure !== null)
  if (!other || canGoOn(sides)) return {}
  const message = `nothing is left that it could take turns with: ${other.failure!.message}`
  return { failure: { stage: 'turns', message, outputTail: [] } }
}
