/** Where lines go: standard output, or what stands for it. */
export interface Output {
  isTTY?: boolean
  columns?: number
  rows?: number
  write(text: string, ...rest: unknown[]): unknown
  on?(event: 'resize', listener: () => void): unknown
  off?(event: 'resize', listener: () => void): unknown
}

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Whether what was written can be coloured and written over: a terminal that understands how, with somebody in front of it who
 * has not asked for plain lines (NO_COLOR as https://no-color.org has it: set and not empty).
 */
export const isLive = ({ isTTY }: Output, env: Environment): boolean => Boolean(isTTY) && !wantsPlainLines(env)

/** Whoever reads, be it on a terminal: a log of CI, a terminal that understands no codes, somebody who has asked for it. */
export const wantsPlainLines = ({ TERM, CI = '', NO_COLOR = '' }: Environment): boolean =>
  TERM === 'dumb' || !['', 'false', '0'].includes(CI) || NO_COLOR !== ''

/** Stands around what somebody else writes: `pass` writes it. */
export type Around = (text: string, pass: () => unknown) => unknown

/**
 * Has others who write to a stream go through `around`, until the function that this gives is called.
 *
 * @returns `write` goes past it
 */
export function standAround(stream: Output, around: Around): { write: (text: string) => void; stop: () => void } {
  const original = stream.write
  const replaced: Output['write'] = (...args) => around(textOf(args[0]), () => original.apply(stream, args))
  stream.write = replaced
  const stop = (): void => {
    // Whoever came later and wraps this one is left in place.
    if (stream.write === replaced) stream.write = original
  }
  return { write: (text) => void original.call(stream, text), stop }
}

/** Streams also take bytes. */
const textOf = (chunk: string | Uint8Array): string =>
  typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
