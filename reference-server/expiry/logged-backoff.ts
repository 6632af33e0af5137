import { logFailure } from '../errors.ts'
import { longestTimerMs } from '../timers.ts'
import type { Expiry, ExpiryNeeds } from './port.ts'
import { Sweeper } from './sweeper.ts'

/** The longest wait, in intervals. */
const mostIntervals = 10

/**
 * Failures are logged, and each makes the wait twice as long, up to ten intervals; a success makes it one again. Half of
 * a longer wait is left to chance, so that gateways that share a database do not come back to it all at once.
 */
export const loggedBackoffExpiry = (needs: ExpiryNeeds, random: () => number = Math.random): Expiry => {
  const everyMs = needs.config.expiryEveryMs
  let failed = 0
  const sweeper: Sweeper = new Sweeper(needs, (failure) => {
    failed = failure === undefined ? 0 : failed + 1
    if (failed === 0) return everyMs
    logFailure('idle sessions could not be ended', failure)
    sweeper.failuresLogged += 1
    const waitMs = Math.min(everyMs * Math.min(2 ** failed, mostIntervals), longestTimerMs)
    return waitMs * (1 - random() / 2)
  })
  return sweeper
}
