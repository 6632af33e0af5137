import { z } from 'zod'
import { recordedSubMetric, threshold } from './values.ts'

const connections = z
  .array(z.number().int().min(1))
  .min(2, 'expected two numbers of connections at least, since one has no knee')
  .refine((list) => list.every((each, at) => at === 0 || each > list[at - 1]!), 'expected them ascending')
const rate = z.number().int().min(1)
const tries = z.number().int().min(1)
const pairs = z.number().int().min(1)

/** How far each variant can be loaded; the trials follow from it. */
export const saturation = z.strictObject({
  /** A scenario of the engine autocannon, with so many connections. */
  sweep: z.strictObject({
    scenario: z.string(),
    connections: connections.default([1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]),
  }),
  /** The highest arrival rate at which all of `holds` does, by a search. `variable`: of the script's environment, sets the rate. */
  rate: z
    .strictObject({
      scenario: z.string(),
      variable: z.string(),
      from: rate,
      to: rate,
      /** The search ends where what holds and what does not are no farther apart, as a share. */
      precision: z.number().gt(0).lt(1).default(0.1),
      /** Loads of one variant that can be used, at the most; half as many more may be void. */
      tries: tries.default(24),
      holds: z
        .record(recordedSubMetric, z.array(threshold).min(1))
        .default({ http_req_duration: ['p(99)<250'], http_req_failed: ['rate<0.001'] }),
    })
    .refine(({ from, to }) => from < to, 'expected "from" to be less than "to"')
    .optional(),
  /** The sweep's scenario and one of another engine that does the same, in pairs. `variable`: sets the users of that one. */
  crossCheck: z
    .strictObject({
      scenario: z.string(),
      variable: z.string(),
      connections: z.number().int().min(1).default(50),
      pairs: pairs.default(6),
    })
    .optional(),
  /** What changes with --quick. `variants`: besides the baseline only these, unless --variant names others. */
  quick: z
    .strictObject({
      connections,
      tries: tries.optional(),
      pairs: pairs.optional(),
      variants: z.array(z.string()).optional(),
    })
    .default({ connections: [1, 50], tries: 1, pairs: 1 }),
})

export type SaturationConfig = z.output<typeof saturation>
