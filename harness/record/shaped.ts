import type { z } from 'zod'
import { UserError } from '../errors.ts'

/**
 * Holds what was read against its shape.
 *
 * @param where the file, with the line where it is one of many; stands in the message
 * @returns what the shape knows of it
 * @throws UserError that names the place, the key, what was expected and what came
 */
export function assertShaped<Shape>(value: unknown, where: string, shape: z.ZodType<Shape>): Shape {
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const key = issue?.path.map(String).join('.')
  throw new UserError(`${where}: ${key ? `key "${key}"` : 'the whole'}: ${issue?.message}. It was changed by hand`)
}
