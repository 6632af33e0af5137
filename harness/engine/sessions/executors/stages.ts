import { UserError } from '../../../errors.ts'
import { parseDurationMs } from '../../../metrics/duration.ts'
import { asObject, wholeNumber } from '../options/values.ts'

/** A ramp in a straight line from where the one before ended. */
export interface Stage {
  durationMs: number
  target: number
}

/** @throws UserError naming the stage */
export function readStages(raw: unknown, title: string): Stage[] {
  if (!Array.isArray(raw) || raw.length === 0)
    throw new UserError(
      `${title}: at least one stage has to be specified: stages is a list such as [{ duration: '10s', target: 100 }]`,
    )
  return raw.map((item, index) => readStage(item, index + 1, title))
}

function readStage(item: unknown, number: number, title: string): Stage {
  const { duration, target } = asObject(item, `${title}: stage ${number}`)
  if (duration === undefined) throw new UserError(`${title}: stage ${number} doesn't have a duration`)
  const durationMs = parseDurationMs(duration as string, `${title}: stage ${number}: duration`)
  if (durationMs < 0) throw new UserError(`${title}: the duration for stage ${number} can't be negative`)
  if (target === undefined || target === null) throw new UserError(`${title}: stage ${number} doesn't have a target`)
  return { durationMs, target: wholeNumber(target, `${title}: stage ${number}: target`) }
}

export const totalMs = (stages: readonly Stage[]): number => stages.reduce((sum, { durationMs }) => sum + durationMs, 0)

export const highestTarget = (start: number, stages: readonly Stage[]): number =>
  Math.max(start, ...stages.map(({ target }) => target))
