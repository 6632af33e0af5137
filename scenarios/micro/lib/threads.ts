/** How many threads do what can be shared. */
export const threads = [1, 2, 4]

/** What a thread is told of itself, and of what it shares with the others. */
export interface Opening {
  thread: number
  shared: unknown
}
