import type { z } from 'zod'
import { messageOf, UserError } from '../errors.ts'
import { assertShaped } from './shaped.ts'
import { assertSchema } from './validate.ts'

/** What a file, or a line of one, is expected to hold. */
export interface Expected<Shape> {
  /** `weir.noise/1` */
  schema: string
  shape: z.ZodType<Shape>
}

/**
 * Reads JSON that was written by weir, and perhaps touched by others since.
 *
 * @param where the file, with the line where it is one of many; stands in messages
 * @throws UserError that names the place, what was expected and what came
 */
export function parseStored<Shape>(text: string, where: string, { schema, shape }: Expected<Shape>): Shape {
  const value = parseJson(text, where)
  assertSchema((value as { schema?: unknown } | null)?.schema, where, schema)
  return assertShaped(value, where, shape)
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UserError(`${where} is not valid JSON (${messageOf(error)}): it was damaged after it was written`)
  }
}
