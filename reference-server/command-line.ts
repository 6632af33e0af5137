import { parseArgs } from 'node:util'
import { messageOf, StartError } from './errors.ts'

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
 * @throws StartError when the text is no whole number of at least `least`
 */
export const wholeNumber = (name: string, text: string, least: number): number => {
  const value = Number(text)
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least) return value
  throw new StartError(`${name} is "${text}"; expected a whole number of at least ${least}`)
}

/** A required port: 0 lets the system choose. */
export const portOption = (name: string, text: string | undefined): number => {
  if (text === undefined) throw new StartError(`${name} is missing; give a port number, or 0 for any free port`)
  const port = wholeNumber(name, text, 0)
  if (port > 65_535) throw new StartError(`${name} is "${text}"; expected a port number up to 65535`)
  return port
}

/** A whole number from an environment variable, or its default where the variable is unset or empty. */
export const numberFromEnv = (env: NodeJS.ProcessEnv, name: string, fallback: number, least = 0): number => {
  const text = env[name]
  return text === undefined || text === '' ? fallback : wholeNumber(name, text, least)
}
