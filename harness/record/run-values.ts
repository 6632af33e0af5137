import { z } from 'zod'
import type { Better, Unit } from '../metrics/table.ts'

/**
 * What is kept of a run once its records are gone: of every number that matters the values of its trials. A line of the
 * history is one, a baseline holds one. Numbers of different machines, or of different loads, are never put together.
 */

const machine = z.object({
  fingerprint: z.string(),
  cpu: z.string(),
  cores: z.number(),
  memoryMB: z.number(),
  kernel: z.string(),
  node: z.string(),
})

const commit = z.object({ commit: z.string(), branch: z.string(), dirty: z.boolean() })

const trialValue = z.object({
  /** 1-based number of its pair, or block, in its run. */
  pair: z.number(),
  value: z.number(),
})

const numberValues = z.object({
  scenario: z.string(),
  variant: z.string(),
  /** `turn_intended_duration{scenario:paced} p(50)` */
  metric: z.string(),
  unit: z.custom<Unit>((value) => typeof value === 'string', 'expected a unit'),
  better: z.custom<Better>((value) => ['lower', 'higher', 'none'].includes(value as string), 'expected a better side'),
  /** The number that its scenario is judged by, or one that a comparison was told to judge. */
  primary: z.boolean(),
  /** Of its usable trials, in order; never empty. */
  values: z.array(trialValue).min(1),
})

export const runValuesShape = {
  run: z.string(),
  campaign: z.string(),
  /** ISO 8601. */
  startedAt: z.iso.datetime(),
  /** Which of a scenario's loads it was: that of a campaign, of --quick, or of a comparison pair by pair. */
  load: z.enum(['campaign', 'quick', 'pairs']),
  mode: z.enum(['trials', 'slices']),
  /** By scenario the hash of script, options and environment; absent where an older weir measured. */
  loadDigests: z.record(z.string(), z.string()).optional(),
  /** How the event-loop delay of targets was sampled; null: nothing inside of them reported any. */
  eventLoopSampling: z.enum(['interval', 'iteration']).nullable(),
  machine,
  weir: z.string(),
  git: commit.nullable(),
  /** By variant, where it ran in another checkout than the config's. */
  checkouts: z.record(z.string(), commit.nullable()).optional(),
  numbers: z.array(numberValues),
}

const runValues = z.object(runValuesShape)

export type RunValues = z.output<typeof runValues>
export type NumberValues = z.output<typeof numberValues>
export type MachineOfValues = z.output<typeof machine>
