import { z } from 'zod'
import { duration, recordedSelector, recordedSubMetric, threshold } from './values.ts'

const margin = z.number().min(0).lt(1)

/** A metric with margins of its own, see the verdicts. */
export const weighedMetric = z.strictObject({
  metric: recordedSelector,
  change: margin.optional(),
  equivalence: margin.optional(),
})

/** A metric that gets a verdict; as text alone where the usual margins will do. */
const gateMetric = z.union([
  recordedSelector.transform((metric): z.output<typeof weighedMetric> => ({ metric })),
  weighedMetric,
])

export const gatedScenario = z.strictObject({
  /** At most three get a verdict; the steadiest that the machine gives unless given. */
  metrics: z.array(gateMetric).min(1).max(3).optional(),
  /** What holds whatever it is compared with, written as k6 writes thresholds: `{ http_req_duration: ['p(99)<250'] }`. */
  limits: z.record(recordedSubMetric, z.array(threshold).min(1)).default({}),
})

/** A comparison of two variants that ends in an exit code, and limits for one of them. */
export const gate = z.strictObject({
  /** Variants; `NAME@DIR` is the variant NAME run in the checkout DIR. */
  base: z.string().min(1),
  head: z.string().min(1),
  /** The longest that it may take. */
  budget: duration.refine((ms) => ms > 0, 'expected more than no time'),
  scenarios: z
    .record(z.string(), gatedScenario)
    .refine((scenarios) => Object.keys(scenarios).length > 0, 'expected a scenario at least'),
  /** The effect, as a share, that is to be found with at least this probability; told before the start where it cannot. */
  power: z.strictObject({ effect: margin.gt(0), atLeast: z.number().gt(0).lt(1) }).optional(),
})
