import { readFileSync } from 'node:fs'
import { applyLayer } from '../../engine/sessions/options/layers.ts'
import { messageOf, UserError } from '../../errors.ts'
import type { LoadArguments } from './arguments.ts'
import { hasUnit } from './assert-values.ts'
import { environmentOptions, type FlagKind, type LoadFlag, loadFlags, variableOf } from './flags.ts'

type Options = Record<string, unknown>
type Environment = Readonly<Record<string, string | undefined>>

/** k6's options as flags and `K6_*` variables give them; flags win. */
export function optionsFromOutside(parsed: LoadArguments, env: Environment): Options {
  const options = applyLayer(optionsOfEnvironment(env), optionsOfFlags(parsed))
  const noThresholds = parsed.switched('no-thresholds') ?? isTrue(env, 'K6_NO_THRESHOLDS')
  return noThresholds ? { ...options, thresholds: {} } : options
}

function optionsOfFlags(parsed: LoadArguments): Options {
  const given = loadFlags.flatMap((flag) => {
    const { option, without } = flag
    if (option === undefined || without !== undefined) return []
    const value = valueOfFlag(flag, parsed)
    return value === undefined ? [] : [[option, value]]
  })
  return Object.fromEntries(given)
}

function valueOfFlag({ name, kind }: LoadFlag, parsed: LoadArguments): unknown {
  if (kind === 'switch') return parsed.switched(name) ?? undefined
  if (kind === 'whole') return parsed.count(name, 0)
  if (kind === 'text') return parsed.value(name)
  const texts = parsed.repeated(name)
  if (texts.length === 0) return undefined
  return kind === 'tags' ? readTags(texts) : readText(kind, texts.join(','), `option --${name}`)
}

function optionsOfEnvironment(env: Environment): Options {
  const given = [...loadFlags, ...environmentOptions].flatMap((flag) => {
    const variable = variableOf(flag)
    const text = env[variable]
    if (flag.option === undefined || variable === '' || text === undefined || text === '') return []
    return [[flag.option, readText(flag.kind, text, `variable ${variable}`)]]
  })
  return Object.fromEntries(given)
}

/** @param what names the flag or the variable in errors */
function readText(kind: FlagKind, text: string, what: string): unknown {
  switch (kind) {
    case 'switch':
      return readSwitch(text, what)
    case 'whole':
      if (/^\d+$/.test(text)) return Number(text)
      throw new UserError(`${what}: expected a whole number, found "${text}"`)
    case 'list':
      return text.split(',').filter(Boolean)
    case 'stages':
      return text.split(',').map((stage) => readStage(stage, what))
    case 'tags':
      return Object.fromEntries(text.split(',').map((pair) => readPair(pair, ':', what)))
    default:
      return text
  }
}

function readSwitch(text: string, what: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  throw new UserError(`${what}: expected true or false, found "${text}"`)
}

function readStage(text: string, what: string): { duration: string; target: number } {
  const [, duration, target] = /^([^:]+):(\d+)$/.exec(text) ?? []
  if (duration === undefined || !hasUnit(duration))
    throw new UserError(`${what}: expected TIME:USERS such as 30s:100, found "${text}"`)
  return { duration, target: Number(target) }
}

const readTags = (texts: readonly string[]): Record<string, string> =>
  Object.fromEntries(texts.map((text) => readPair(text, '=', 'option --tag')))

function readPair(text: string, sign: string, what: string): [name: string, value: string] {
  const at = text.indexOf(sign)
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)]
  throw new UserError(`${what}: expected NAME${sign}VALUE, found "${text}"`)
}

function isTrue(env: Environment, variable: string): boolean {
  const text = env[variable]
  return text !== undefined && text !== '' && readSwitch(text, `variable ${variable}`)
}

/** The options of a config file. @throws UserError naming the file */
export function readConfigFile(path: string): Options {
  try {
    const options: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof options === 'object' && options !== null && !Array.isArray(options)) return options as Options
  } catch (error) {
    throw new UserError(`option --config: "${path}" could not be read: ${messageOf(error)}`)
  }
  throw new UserError(`option --config: "${path}" holds no JSON object`)
}

/** One line for each flag that was given and does nothing. */
export const idleFlags = (parsed: LoadArguments): string[] =>
  loadFlags.flatMap(({ name, kind, without }) => {
    const isGiven =
      kind === 'switch'
        ? parsed.flag(name)
        : kind === 'repeated'
          ? parsed.repeated(name).length > 0
          : parsed.value(name) !== undefined
    return without !== undefined && isGiven ? [`option --${name} has no effect: ${without}`] : []
  })
