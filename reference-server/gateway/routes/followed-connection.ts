import type { ServerResponse } from 'node:http'
import type { ModelWork } from '../admitted.ts'
import { ClientGone } from '../problems.ts'

/** What the connection that waits for an answer is told of. */
export interface FollowedConnection {
  /**
   * The work is over. What is left of its answer has as long to leave as the work had: a client that takes nothing would
   * keep it here for ever.
   */
  workIsOver(): void
}

/**
 * Gives work up when its connection closes early, and says when it is closed.
 * @param leaveTimeoutMs how long what is left of the answer has
 */
export const followConnection = (
  response: ServerResponse,
  { cancel }: ModelWork,
  leaveTimeoutMs: number,
  closed: () => void,
): FollowedConnection => {
  let deadline: NodeJS.Timeout | undefined
  response.once('close', () => {
    clearTimeout(deadline)
    if (!response.writableFinished) cancel.abort(new ClientGone())
    closed()
  })
  const workIsOver = (): void => {
    if (!response.destroyed) deadline = setTimeout(() => response.destroy(), leaveTimeoutMs)
  }
  return { workIsOver }
}
