import { type ParsedArguments, readArguments } from '../arguments.ts'
import { assertValues } from './assert-values.ts'
import { type LoadFlag, loadFlags } from './flags.ts'

/** A command line of `weir load`, with what k6's own way of writing flags adds: `--no-setup=false`, `-i=5`. */
export interface LoadArguments extends ParsedArguments {
  /** A switch as it was given: null where it was not. */
  switched(name: string): boolean | null
}

const kinds = { switch: 'flag', whole: 'value', text: 'value' } as const

/** @throws UserError that names the flag and lists what exists */
export function readLoadArguments(args: readonly string[]): LoadArguments {
  const denied = new Set<string>()
  const options = Object.fromEntries(
    loadFlags.map(({ name, short, kind }) => [
      short ? `${name}|${short}` : name,
      kinds[kind as keyof typeof kinds] ?? 'repeated',
    ]),
  )
  const parsed = readArguments(
    args.flatMap((arg) => asNodeHasIt(arg, denied)),
    options,
  )
  assertValues(parsed)
  const switched = (name: string): boolean | null => (denied.has(name) ? false : parsed.flag(name) || null)
  return { ...parsed, switched, flag: (name) => switched(name) === true }
}

/** @param denied gets the names of switches that are given as false */
function asNodeHasIt(arg: string, denied: Set<string>): string[] {
  const [, letter, value] = /^-([a-zA-Z])=(.*)$/s.exec(arg) ?? []
  if (letter !== undefined) return [`-${letter}`, value!]
  const flag = flagOf(arg)
  if (flag?.alone !== undefined && !arg.includes('=')) return [`${arg}=${flag.alone}`]
  if (flag?.kind !== 'switch' || !arg.includes('=')) return [arg]
  const text = arg.slice(arg.indexOf('=') + 1)
  if (text === 'false' || text === '0') {
    denied.add(flag.name)
    return []
  }
  return text === 'true' || text === '1' ? [`--${flag.name}`] : [arg]
}

function flagOf(arg: string): LoadFlag | undefined {
  const [, name] = /^--([^=]+)/.exec(arg) ?? []
  return name === undefined ? undefined : loadFlags.find((flag) => flag.name === name)
}
