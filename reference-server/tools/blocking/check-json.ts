import type { ValidateFunction } from 'ajv'
import { schemaCompiler } from '../../json-schema.ts'
import { ToolFailure } from '../failure.ts'

export interface CheckJsonArguments {
  json: string
  schema: Record<string, unknown>
}

const mostErrors = 20

const compile = (schema: Record<string, unknown>): ValidateFunction => {
  try {
    return schemaCompiler({ strict: false, allErrors: true, validateFormats: false, logger: false }).compile(schema)
  } catch (error) {
    throw new ToolFailure(`the schema cannot be used: ${(error as Error).message}`)
  }
}

const parse = (json: string): unknown => {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw new ToolFailure(`the value is not JSON: ${(error as Error).message}`)
  }
}

/**
 * One line for each place that does not fit, or `the value fits the schema`. A stranger's schema can hold a pattern that
 * takes for ever, which is why this runs where it can be stopped.
 */
export const checkJson = ({ json, schema }: CheckJsonArguments): string => {
  const value = parse(json)
  const validate = compile(schema)
  if (validate(value)) return 'the value fits the schema'
  const errors = validate.errors ?? []
  const lines = errors.slice(0, mostErrors).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`)
  return [...lines, ...(errors.length > mostErrors ? [`and ${errors.length - mostErrors} more`] : [])].join('\n')
}
