import { z } from 'zod'
import { UserError } from '../errors.ts'
import { parseDurationMs } from '../metrics/duration.ts'
import { parseSelector, parseSubMetric, type SubMetric } from '../metrics/selector.ts'
import { parseThreshold } from '../metrics/thresholds.ts'
import { parsedBy } from '../parsed-by.ts'

/** As in k6, `1m30s`, or a number of milliseconds; read as milliseconds. */
export const duration = z.union([z.string(), z.number()]).transform(parsedBy((value) => parseDurationMs(value)))

export const env = z.record(z.string(), z.string())

/** What of a metric records hold: numbers of a k6 scenario or a phase, and of no other part. */
const ofRecords =
  <T extends SubMetric>(parse: (text: string) => T) =>
  (text: string): T => {
    const parsed = parse(text)
    if (Object.keys(parsed.tags).every((tag) => tag === 'scenario' || tag === 'phase')) return parsed
    throw new UserError('records have numbers by {scenario:...} and {phase:...} only')
  }

const readable = (parse: (text: string) => unknown) =>
  z.string().superRefine((text, context) => void parsedBy(parse)(text, context))

/** `turn_intended_duration{scenario:paced} p(50)` */
export const selector = readable(parseSelector)

/** `target_cpu_per_op{phase:paced} value`: a number of a record. */
export const recordedSelector = readable(ofRecords(parseSelector))

/** `http_req_duration{scenario:paced}`: what stands before thresholds, as far as records have it. */
export const recordedSubMetric = readable(ofRecords(parseSubMetric))

/** A k6 threshold as text: `p(99)<250`. */
export const threshold = readable(parseThreshold)

/** Names that stand elsewhere in the config. */
export const names = z.array(z.string())
