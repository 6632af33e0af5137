import { wrongResult } from '../../../reference-server/services/chat-request.ts'

/** How a turn fails whose model refused what it was shown. */
export type Refusal = Record<'title' | 'detail', string> & { status: number }

/** What becomes of a turn whose tools gave this; undefined where it is what the model wants. */
export const refusalOf = (given: readonly string[], wanted: readonly string[]): Refusal | undefined =>
  wrongResult(given, wanted) === undefined
    ? undefined
    : { status: 502, title: 'Bad Gateway', detail: 'the model answered with status 400' }
