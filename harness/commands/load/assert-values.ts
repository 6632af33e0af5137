import { UserError } from '../../errors.ts'
import type { ParsedArguments } from '../arguments.ts'
import { loadFlags } from './flags.ts'

const choices = {
  type: ['js', 'archive'],
  'compatibility-mode': ['extended', 'base', 'experimental_enhanced'],
} as const

/** k6 takes a number without a unit for milliseconds in scripts, and refuses it in flags. */
export const hasUnit = (duration: string): boolean => !/^[+-]?[\d.]+$/.test(duration) || Number(duration) === 0

/**
 * What can be wrong with a flag whatever script there is, so that a flag that took the script for its value says so.
 * @throws UserError naming the flag, what was expected and what was found
 */
export function assertValues(parsed: ParsedArguments): void {
  for (const { name, kind } of loadFlags) if (kind === 'whole') parsed.count(name, 0)
  for (const name of ['duration', 'min-iteration-duration']) {
    const text = parsed.value(name)
    if (text !== undefined && !hasUnit(text))
      throw new UserError(`option --${name}: expected a duration with its unit such as 30s, found "${text}"`)
  }
  for (const [name, known] of Object.entries(choices)) {
    const text = parsed.value(name)
    if (text !== undefined && !(known as readonly string[]).includes(text))
      throw new UserError(`option --${name}: expected ${known.join(' or ')}, found "${text}"`)
  }
}
