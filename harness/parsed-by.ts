import { z } from 'zod'
import { messageOf } from './errors.ts'

/** For a key whose text has a parser: what `parse` throws becomes the message about the key. */
export const parsedBy =
  <In, Out>(parse: (value: In) => Out) =>
  (value: In, context: z.RefinementCtx): Out => {
    try {
      return parse(value)
    } catch (error) {
      context.addIssue({ code: 'custom', message: messageOf(error) })
      return z.NEVER
    }
  }
