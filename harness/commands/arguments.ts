import { parseArgs } from 'node:util'
import { didYouMean, UserError } from '../errors.ts'

/**
 * flag: there or not. value: once. optional: once, and what is behind it may be left out (then it is empty).
 * attached: the same, and what belongs to it stands behind `=`, so that an argument may follow.
 * list: names, also with commas between. repeated: several times, each taken whole.
 */
type Kind = 'flag' | 'value' | 'optional' | 'attached' | 'list' | 'repeated'

export interface ParsedArguments {
  positionals: string[]
  /** Names of the options that are there. */
  given: string[]
  flag(name: string): boolean
  value(name: string): string | undefined
  list(name: string): string[]
  repeated(name: string): string[]
  /** @throws UserError unless it is a whole number of at least `least` */
  count(name: string, least: number): number | undefined
}

/**
 * Reads a command line.
 * @param options name to kind; a one-letter alias is written `name|n`
 * @throws UserError that names the option and lists what exists
 */
export function readArguments(args: string[], options: Record<string, Kind>): ParsedArguments {
  const config: Record<string, { type: 'boolean' | 'string'; multiple: boolean; short?: string }> = {}
  for (const [spec, kind] of Object.entries(options)) {
    const [name, short] = spec.split('|') as [string, string | undefined]
    config[name] = {
      type: kind === 'flag' ? 'boolean' : 'string',
      multiple: kind === 'list' || kind === 'repeated',
      ...(short ? { short } : {}),
    }
  }
  const { values, positionals } = parse(completeAlone(args, options), config)
  return {
    positionals,
    given: Object.keys(values),
    flag: (name) => values[name] === true,
    value: (name) => values[name] as string | undefined,
    list: (name) => ((values[name] as string[] | undefined) ?? []).flatMap((item) => item.split(',')).filter(Boolean),
    repeated: (name) => (values[name] as string[] | undefined) ?? [],
    count(name, least) {
      const text = values[name] as string | undefined
      if (text === undefined) return undefined
      const number = Number(text)
      if (/^\d+$/.test(text) && number >= least) return number
      throw new UserError(`option --${name}: expected a whole number of at least ${least}, found "${text}"`)
    },
  }
}

/** Of `--seed`: of another run, or else any. */
export const seedOf = (parsed: ParsedArguments): number =>
  parsed.count('seed', 0) ?? Math.floor(Math.random() * 2 ** 31)

/**
 * For `--from`, which takes all from a run that is there.
 *
 * @param allowed names of options that may stand beside it
 * @throws UserError where another does, or an argument
 */
export function assertAllFromRun({ positionals, given }: ParsedArguments, allowed: readonly string[]): void {
  const others = given.filter((name) => name !== 'from' && !allowed.includes(name)).map((name) => `--${name}`)
  const beside = [...positionals, ...others]
  if (beside.length > 0)
    throw new UserError(`option --from cannot stand beside ${beside.join(', ')}: all is taken from that run's records`)
}

/**
 * For `--resume`, which keeps the plan of a run.
 *
 * @param decided names of options that a plan is made of
 * @throws UserError where one of them stands beside it
 */
export function assertKeepsPlan({ given }: ParsedArguments, decided: readonly string[]): void {
  const beside = given.filter((name) => decided.includes(name)).map((name) => `--${name}`)
  if (beside.length > 0)
    throw new UserError(`option --resume cannot stand beside ${beside.join(', ')}: the run keeps its plan`)
}

/**
 * What to type to go on with what was interrupted.
 *
 * @param kept options that must be there again, since they name what it is about
 */
export function goOnWith(command: string, parsed: ParsedArguments, kept: readonly string[]): string {
  const { positionals, value, flag } = parsed
  const options = kept.flatMap((name) => {
    if (flag(name)) return [`--${name}`]
    const given = value(name)
    return given === undefined ? [] : [`--${name}`, shellWord(given)]
  })
  return `go on with: ${[command, ...positionals.map(shellWord), ...options, '--resume'].join(' ')}`
}

/** As a shell has to be given it. */
const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`

function parse(
  args: string[],
  config: Parameters<typeof parseArgs>[0] extends infer C ? (C extends { options?: infer O } ? O : never) : never,
) {
  try {
    return parseArgs({ args: joinNegatives(args, config!), options: config!, allowPositionals: true, strict: true })
  } catch (error) {
    const known = Object.entries(config ?? {}).map(([name, { short }]) =>
      short ? `--${name} (-${short})` : `--${name}`,
    )
    const option = /'(-[^' ]+)/.exec((error as Error).message)?.[1]
    if ((error as { code?: string }).code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
      const guess = didYouMean(
        option ?? '',
        Object.keys(config ?? {}).map((name) => `--${name}`),
      )
      throw new UserError(`option "${option}" does not exist. ${guess}It is one of: ${known.join(', ')}`)
    }
    throw new UserError(wantsValue((error as Error).message) ?? (error as Error).message.split('\n')[0]!)
  }
}

/** @param said what Node says @returns null where it is about something else */
function wantsValue(said: string): string | null {
  const option = /ambiguous|argument missing/.test(said) ? /'.*?(--[^'= ]+)/.exec(said)?.[1] : undefined
  if (option === undefined) return null
  return `option ${option}: expected a value behind it, found none (one that begins with a dash is written ${option}=-...)`
}

/** `--resume --quick` as `--resume= --quick`, `--live main` as `--live= main`. */
const completeAlone = (args: string[], options: Record<string, Kind>): string[] =>
  args.map((arg, at) => {
    const kind = arg.startsWith('--') ? options[arg.slice(2)] : undefined
    const isAlone = kind === 'attached' || (kind === 'optional' && (args[at + 1] ?? '-').startsWith('-'))
    return isAlone ? `${arg}=` : arg
  })

/** `--vus -1` as `--vus=-1`: a number is a value, and it is for the option to say what it wants instead. */
function joinNegatives(
  args: string[],
  options: Record<string, { type: string; short?: string | undefined }>,
): string[] {
  const takers = new Set<string>()
  for (const [name, { type, short }] of Object.entries(options))
    if (type === 'string') for (const taker of [`--${name}`, ...(short ? [`-${short}`] : [])]) takers.add(taker)
  const joined: string[] = []
  for (const arg of args) {
    const before = joined.at(-1)
    if (before === undefined || !/^-[\d.]/.test(arg) || !takers.has(before) || joined.includes('--')) joined.push(arg)
    else joined[joined.length - 1] = `${before}${before.startsWith('--') ? '=' : ''}${arg}`
  }
  return joined
}

/** What `--env` gives the script: `KEY=VALUE`, or `KEY` for an empty text, as in k6. */
export function readEnvironment(items: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    items.map((item) => {
      const [name, ...value] = item.split('=')
      if (/^[a-zA-Z_]\w*$/.test(name!)) return [name, value.join('=')]
      throw new UserError(`option --env: expected KEY=VALUE with a name of letters, digits and _, found "${item}"`)
    }),
  )
}
