import { z } from 'zod'
import { parseDurationMs } from '../metrics/duration.ts'
import { parseRecordedSelector, parseRecordedSubMetric } from '../metrics/selector.ts'
import { parseThreshold } from '../metrics/thresholds.ts'
import { parsedBy } from '../parsed-by.ts'

/** As in k6, `1m30s`, or a number of milliseconds; read as milliseconds. */
export const duration = z.union([z.string(), z.number()]).transform(parsedBy((value) => parseDurationMs(value)))

export const env = z.record(z.string(), z.string())

const readable = (parse: (text: string) => unknown) =>
  z.string().superRefine((text, context) => void parsedBy(parse)(text, context))

/** `target_cpu_per_op{phase:paced} value`: a number of a record. */
export const recordedSelector = readable(parseRecordedSelector)

/** `http_req_duration{scenario:paced}`: what stands before thresholds, as far as records have it. */
export const recordedSubMetric = readable(parseRecordedSubMetric)

/** A k6 threshold as text: `p(99)<250`. */
export const threshold = readable(parseThreshold)

/** Names that stand elsewhere in the config. */
export const names = z.array(z.string())
