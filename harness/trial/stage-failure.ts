import { messageOf } from '../errors.ts'
import type { TrialFailure } from '../record/schema.ts'

/** What ends a trial and becomes part of its record. */
export class StageFailure extends Error {
  readonly failure: TrialFailure
  constructor(failure: TrialFailure) {
    super(failure.message)
    this.failure = failure
  }
}

export function failureOf(error: unknown): TrialFailure {
  if (error instanceof StageFailure) return error.failure
  return { stage: 'load', message: messageOf(error), outputTail: [] }
}
