import { z } from 'zod'

/**
 * What readers of a run go through without asking. What verdicts come from is looked at to the bottom; of the rest, which is
 * large, only as much as tells a foreign file. What is optional may be missing: runs of an older weir stay readable.
 */

const named = z.object({ name: z.string() })
const list = z.array(z.unknown())

const looks = z
  .array(z.number().int().min(1))
  .min(1)
  .refine((counts) => counts.every((count, at) => at === 0 || count > counts[at - 1]!), 'expected them ascending')

const comparison = z.object({
  variant: z.string(),
  against: z.string(),
  metrics: z
    .array(
      z.object({
        scenario: z.string(),
        metric: z.string(),
        margins: z.object({ change: z.number().min(0), equivalence: z.number().min(0) }),
      }),
    )
    .min(1),
  alpha: z.number().gt(0).lt(1),
  looks,
  budgetMs: z.number().gt(0),
  mode: z.enum(['trials', 'slices']),
  ended: z.enum(['decided', 'budget', 'most-pairs', 'unusable', 'interrupted']).nullable(),
})

const gate = z.object({
  name: z.string(),
  limits: z.array(z.object({ scenario: z.string(), metric: z.string(), expression: z.string() })),
  power: z.object({ effect: z.number(), atLeast: z.number() }).nullable(),
})

const profiled = z.object({
  tool: z.enum(['cpu', 'doctor', 'flame', 'heap']),
  pages: z.array(z.object({ title: z.string(), path: z.string() })),
  problems: z.array(z.string()),
})

const saturation = z.object({
  sweep: z.object({ scenario: z.string(), connections: z.array(z.number()) }),
  rate: z
    .object({
      scenario: z.string(),
      variants: z.array(z.string()).optional(),
      from: z.number(),
      to: z.number(),
      precision: z.number().gt(0),
      tries: z.number(),
      holds: z.array(z.object({ metric: z.string(), expression: z.string() })),
    })
    .nullable(),
  crossCheck: z
    .object({
      variant: z.string(),
      scenarios: z.array(z.string()).length(2),
      connections: z.number(),
      within: z.number(),
    })
    .nullable(),
})

const step = z.object({ kind: z.enum(['connections', 'rate', 'check']), of: z.string(), value: z.number() })

/** Of `run.json`. */
export const headerShape = z.object({
  id: z.string(),
  campaign: z.string(),
  startedAt: z.string(),
  status: z.enum(['running', 'finished', 'interrupted']),
  seed: z.number(),
  blocks: z.number(),
  baseline: z.string(),
  variants: z.array(named),
  scenarios: z.array(named.extend({ primary: z.string(), step: step.optional() })),
  environment: z.object({ fingerprint: z.string() }),
  warnings: list,
  comparison: comparison.optional(),
  gate: gate.optional(),
  profiled: profiled.optional(),
  saturation: saturation.optional(),
})

const key = z.object({
  block: z.number().int(),
  pair: z.number().int(),
  side: z.enum(['A', 'B']),
  position: z.number().int(),
})

const scope = { scenario: z.string().optional(), phase: z.string().optional() }

const observation = z.object({
  ...scope,
  metric: z.string(),
  stat: z.string(),
  value: z.number(),
  unit: z.string(),
  better: z.enum(['lower', 'higher', 'none']),
  n: z.number().optional(),
})

/** Of a trial's record. */
export const recordShape = z.object({
  run: z.string(),
  trial: z.number(),
  key,
  variant: z.string(),
  scenario: z.string(),
  invalid: z.array(
    z.object({ ...scope, code: z.string(), message: z.string(), abovePercentile: z.number().optional() }),
  ),
  phases: z.array(named.extend({ startS: z.number(), endS: z.number() })),
  observations: z.array(observation),
  histograms: list,
  series: list,
  thresholds: list,
  checks: z.array(z.object({ path: z.string(), passes: z.number(), fails: z.number() })),
})
