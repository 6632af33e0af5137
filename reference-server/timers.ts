/** What a timer waits at the most, almost 25 days: of whatever is longer Node makes 1 ms. */
export const longestTimerMs = 2 ** 31 - 1
