import type { Ajv, ValidateFunction } from 'ajv'
import { schemaCompiler } from '../json-schema.ts'
import { parametersOf, type ToolName } from './declarations.ts'
import { ToolFailure } from './failure.ts'

const mostCharacters = 65_536
/** Deeper values would exhaust the stack of whatever walks over them. */
const deepest = 64

let compiler: Ajv | undefined
const validators = new Map<ToolName, ValidateFunction>()

const validatorOf = (name: ToolName): ValidateFunction => {
  const present = validators.get(name)
  if (present) return present
  compiler ??= schemaCompiler({ strict: false, meta: false, validateSchema: false })
  const made = compiler.compile(parametersOf(name))
  validators.set(name, made)
  return made
}

const isDeeperThan = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1)))

const parse = (text: string): unknown => {
  if (text.length > mostCharacters) throw new ToolFailure('the arguments are longer than 65,536 characters')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ToolFailure(`the arguments are not JSON: ${(error as Error).message}`)
  }
}

/**
 * The arguments of a call as the tool's declaration wants them. An agent checks calls against its own definition, which
 * anybody who defines agents may have written; the tools rely on nothing but this.
 * @throws ToolFailure saying what is wrong with them
 */
export const readArguments = (name: ToolName, text: string): unknown => {
  const value = parse(text)
  if (isDeeperThan(value, deepest)) throw new ToolFailure(`the arguments are nested deeper than ${deepest} levels`)
  const validate = validatorOf(name)
  if (validate(value)) return value
  throw new ToolFailure(compiler?.errorsText(validate.errors, { dataVar: 'arguments' }))
}
