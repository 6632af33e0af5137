import { z } from 'zod'
import { messageOf } from '../errors.ts'
import { parseDurationMs } from '../metrics/duration.ts'
import { parseSelector } from '../metrics/selector.ts'

/** What `parse` throws becomes the message about the key. */
const parsedBy =
  <In, Out>(parse: (value: In) => Out) =>
  (value: In, context: z.RefinementCtx): Out => {
    try {
      return parse(value)
    } catch (error) {
      context.addIssue({ code: 'custom', message: messageOf(error) })
      return z.NEVER
    }
  }

/** As in k6, `1m30s`, or a number of milliseconds; read as milliseconds. */
export const duration = z.union([z.string(), z.number()]).transform(parsedBy((value) => parseDurationMs(value)))

export const env = z.record(z.string(), z.string())

/** `turn_intended_duration{scenario:paced} p(50)` */
export const selector = z.string().superRefine((text, context) => void parsedBy(parseSelector)(text, context))

/** Names that stand elsewhere in the config. */
export const names = z.array(z.string())
