import type { Spin } from './watch-thread.ts'

/** Where the generator's watch thread writes to its parent: the fifth of the child's streams. */
export const watchChannel = 4

/** Told when a load is given up for it. */
export const endsLoad =
  'A generator has one thread: all its users stood still meanwhile, so the numbers of this load are void and there is no summary. Let the script end this computing, do it in setup(), or pause it with sleep().'

/** What the engine itself is at will end, and is no fault of the script. */
export const isFatal = ({ isInLoad, isEngine }: Spin): boolean => isInLoad && !isEngine

/** What computes without a pause, for people: how long, where, and through which functions. */
export function describeSpin({ seconds, frames, isInLoad, isEngine }: Spin): string {
  const [innermost, ...outer] = frames
  const where = innermost === undefined ? 'a place that could not be told (inside a built-in?)' : innermost
  const when = isInLoad ? '' : ' outside of the load'
  const said = isEngine
    ? `the engine itself has been at work for ${seconds} s without a pause${when} (large responses?), and its users stood still, at ${where}`
    : `the script has computed for ${seconds} s without a pause${when} (an endless loop?), at ${where}`
  return [said, ...outer.map((frame) => `    at ${frame}`)].join('\n')
}
