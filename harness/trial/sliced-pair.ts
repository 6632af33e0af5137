import { join } from 'node:path'
import { monotonicNow } from '../clock.ts'
import type { TrialFailure, TrialRecord } from '../record/schema.ts'
import type { TrialEvents, TrialPlan, TrialSetting } from './plan.ts'
import { emptyRecord } from './record.ts'
import { Side } from './side.ts'

/** How the two servers of a pair take turns. */
export interface Turns {
  lengthMs: number
  /** Whose turn it is, one after the other. */
  order: readonly ('A' | 'B')[]
}

/**
 * The story of a pair in slices: both servers are started afresh, one after the other, and stay alive; load alternates between
 * them, each slice drained before the next begins, so that only one of them is under load at a time. One pair is one
 * observation: two records, of which both are void where one side failed. Whatever was started is stopped when this resolves
 * or rejects.
 *
 * @param plans of both sides, in the order in which they are started
 * @throws the signal's reason when the comparison was interrupted
 */
export async function runSlicedPair(
  plans: readonly TrialPlan[],
  turns: Turns,
  setting: TrialSetting,
  events: TrialEvents,
  signal: AbortSignal,
): Promise<TrialRecord[]> {
  const startedAt = new Date().toISOString()
  const startedMs = monotonicNow()
  const sides = plans.map((plan) => new Side(plan, settingOf(setting, plan), signal))
  let measured: Partial<TrialRecord>[]
  try {
    measured = await measure(sides, turns, events, signal)
  } finally {
    await Promise.all(sides.map((side) => side.stop()))
  }
  const durationS = (monotonicNow() - startedMs) / 1000 / sides.length
  return sides.map(({ plan }, index) => ({
    ...emptyRecord(plan, setting, startedAt),
    ...measured[index],
    ...failureIn(sides, index),
    durationS,
  }))
}

/** Both have a scratch folder of their own at the same time. */
const settingOf = (setting: TrialSetting, { key }: TrialPlan): TrialSetting => ({
  ...setting,
  scratchDir: join(setting.scratchDir, key.side),
})

async function measure(
  sides: readonly Side[],
  turns: Turns,
  events: TrialEvents,
  signal: AbortSignal,
): Promise<Partial<TrialRecord>[]> {
  // One after the other: while one boots or warms up, the other is left alone on their cores.
  for (const side of sides) if (sides.every(({ failure }) => failure === null)) await side.open(events)
  signal.throwIfAborted()
  const zeroMs = monotonicNow()
  if (sides.every(({ failure }) => failure === null)) await takeTurns(sides, turns, events, signal)
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
  events.stage(`${order.length} slices of ${lengthMs} ms, by turns`)
  for (const turn of order) {
    const side = sides.find(({ plan }) => plan.key.side === turn)!
    if (signal.aborted || !(await side.takeTurn(lengthMs))) return
  }
}

/** Its own failure, or that of the other side, which leaves it without anything to be compared with. */
function failureIn(sides: readonly Side[], index: number): { failure?: TrialFailure } {
  const own = sides[index]!.failure
  if (own) return { failure: own }
  const other = sides.find(({ failure }) => failure !== null)
  if (!other) return {}
  const { stage, message } = other.failure!
  return { failure: { stage, message: `the other side of the pair failed: ${message}`, outputTail: [] } }
}
