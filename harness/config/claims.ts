import { z } from 'zod'
import { names, recordedSelector } from './values.ts'

const boundsOf = (limit: z.ZodNumber) =>
  z.union([
    z.strictObject({ atLeast: limit }),
    z.strictObject({ atMost: limit }),
    z.strictObject({ above: limit }),
    z.strictObject({ below: limit }),
    z.strictObject({ from: limit, to: limit }).refine(({ from, to }) => from <= to, '"from" is larger than "to"'),
    z.strictObject({ equals: limit }),
  ])

const claimed = z.union([
  /** variant / against; 1 is no effect. */
  z.strictObject({ ratio: boundsOf(z.number().positive()) }),
  /** variant - against, in the unit of the metric; 0 is no effect. */
  z.strictObject({ difference: boundsOf(z.number()) }),
  /** Of the variant by itself, in the unit of the metric. */
  z.strictObject({ value: boundsOf(z.number()) }),
])

export const claim = z.strictObject({
  id: z.string().min(1),
  /** Where it stands in a list of the project's own. */
  row: z.union([z.string(), z.number()]).transform(String).optional(),
  /** What is claimed, and by whom. */
  statement: z.string(),
  scenario: z.string(),
  variant: z.string(),
  /** What the variant is compared with; the campaign's baseline unless given. */
  against: z.string().optional(),
  /** Any number of a record: `target_cpu_per_op{phase:paced} value`. */
  metric: recordedSelector,
  claimed,
  needs: names.default([]),
  note: z.string().optional(),
})
