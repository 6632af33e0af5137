/**
 * People interrupt at any moment within this time from the first token on. A gateway may look for interrupts only every 50
 * or 300 ms, and this is a multiple of both, so that all moments of such a period are met alike: of 400 ms, a third of
 * those of a period of 300 would come twice.
 */
export const longestWaitMs = 600
