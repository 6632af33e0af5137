/**
 * When the model's side saw a call given up, and whether it still answers one. The model stub notes it, and says how long
 * ago that was, so that no clock need be shared.
 */
import http, { type RefinedResponse, type ResponseType } from 'k6/http'
import { setTimeout } from 'k6/timers'
import { now, stubUrl } from './turn.ts'

const lookEveryMs = 20

/** @throws where nobody can be asked */
export function needStub(): void {
  if (stubUrl === '')
    throw new Error('STUB_URL is not set: without the model stub nobody knows when a call was given up')
}

/**
 * Asks the stub until it has seen the call of a turn given up; a client may know before the model's side sees anything.
 * @returns when that was, in ms of `now()`; where it was not in `giveUpMs`, whether the model still speaks to nobody
 *   (`missed`) or has not been called (`not called`)
 */
export async function abortedAt(
  session: string,
  turn: number,
  giveUpMs: number,
): Promise<number | 'missed' | 'not called'> {
  for (let looks = Math.ceil(giveUpMs / lookEveryMs); ; looks--) {
    const askedMs = now()
    const response = await http.asyncRequest('GET', `${stubUrl}/aborts?session=${session}&turn=${turn}`, null, {
      tags: { name: 'aborts' },
      responseCallback: http.expectedStatuses(200, 404),
    })
    // The stub looked at its clock about midway between question and answer.
    if (response.status === 200) return (askedMs + now()) / 2 - (response.json() as { msAgo: number }).msAgo
    if (looks <= 0) return isAnswering(response) ? 'missed' : 'not called'
    await new Promise<void>((resolve) => void setTimeout(resolve, lookEveryMs))
  }
}

/** Whether the model still gives the answer of a turn: it has neither handed over all of it nor been told to give up. */
export function isStillAnswered(session: string, turn: number): boolean {
  const response = http.get(`${stubUrl}/aborts?session=${session}&turn=${turn}`, {
    tags: { name: 'aborts' },
    responseCallback: http.expectedStatuses(200, 404),
  })
  return isAnswering(response)
}

const isAnswering = (response: RefinedResponse<ResponseType | undefined>): boolean =>
  response.status === 404 && (response.json() as { answering: boolean }).answering
