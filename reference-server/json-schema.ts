import { createRequire } from 'node:module'
import type { Ajv, Options } from 'ajv'

const require = createRequire(import.meta.url)

/**
 * A compiler of JSON schemas. Loading the library is a tenth of a start, and nothing of it is needed before the first
 * schema is compiled: it is loaded then.
 */
export const schemaCompiler = (options: Options): Ajv => {
  const library = require('ajv') as typeof import('ajv')
  return new library.Ajv(options)
}
