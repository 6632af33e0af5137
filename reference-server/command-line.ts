import { parseArgs } from 'node:util'
import { messageOf, StartError } from './errors.ts'
import { longestTimerMs } from './timers.ts'

/**
 * Reads `--name value` pairs. Every option takes a value.
 * @param known the options that exist, without dashes
 * @returns the values given, by name
 * @throws StartError naming the unknown option and listing those that exist
 */
export const readOptions = <Name extends string>(
  args: string[],
  known: readonly Name[],
): Partial<Record<Name, string>> => {
  try {
    const options = Object.fromEntries(known.map((name) => [name, { type: 'string' as const }]))
    const { values } = parseArgs({ args, options, strict: true, allowPositionals: false })
    return values as Partial<Record<Name, string>>
  } catch (error) {
    const [firstSentence] = messageOf(error).split('. ')
    throw new StartError(`${firstSentence}. Options are: ${known.map((name) => `--${name}`).join(', ')}`)
  }
}

/**
 * A whole number from text.
 * @param name what the value is called where it is set, for the message
 * @throws StartError when the text is no whole number from `least` to `most`
 */
export const wholeNumber = (name: string, text: string, least: number, most = Number.MAX_SAFE_INTEGER): number => {
  const value = Number(text)
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least && value <= most) return value
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`
  throw new StartError(`${name} is "${text}"; expected a whole number ${range}`)
}

/** A required port: 0 lets the system choose. */
export const portOption = (name: string, text: string | undefined): number => {
  if (text === undefined) throw new StartError(`${name} is missing; give a port number, or 0 for any free port`)
  const port = wholeNumber(name, text, 0)
  if (port > 65_535) throw new StartError(`${name} is "${text}"; expected a port number up to 65535`)
  return port
}

/** A whole number from an environment variable, or its default where the variable is unset or empty. */
export const numberFromEnv = (
  env: NodeJS.ProcessEnv,
  name: string,
  fallback: number,
  least = 0,
  most = Number.MAX_SAFE_INTEGER,
): number => {
  const text = env[name]
  return text === undefined || text === '' ? fallback : wholeNumber(name, text, least, most)
}

/** Milliseconds for which a timer waits, from an environment variable as `numberFromEnv` reads it. */
export const timeoutFromEnv = (env: NodeJS.ProcessEnv, name: string, fallbackMs: number, leastMs = 0): number =>
  numberFromEnv(env, name, fallbackMs, leastMs, longestTimerMs)
