import { z } from 'zod'
import type { Better, Unit } from '../metrics/table.ts'

/** What one run of a variant against itself says of one number. */
export const noiseSample = z.object({
  run: z.string(),
  /** ISO 8601. */
  startedAt: z.iso.datetime(),
  scenario: z.string(),
  /** Hash of its load, as the run's header has it; absent in what an older weir measured. */
  loadDigest: z.string().optional(),
  variant: z.string(),
  /** `target_cpu_per_op{phase:paced} value` */
  metric: z.string(),
  unit: z.custom<Unit>((value) => typeof value === 'string', 'expected a unit'),
  better: z.custom<Better>((value) => ['lower', 'higher', 'none'].includes(value as string), 'expected a better side'),
  mode: z.enum(['trials', 'slices']),
  eventLoopSampling: z.enum(['interval', 'iteration']).nullable(),
  /** Standard deviation and mean of ln(B/A) over its usable pairs, two or more. */
  sdLog: z.number().min(0),
  meanLog: z.number(),
  pairs: z.number().int().min(2),
  /** Of the pairs that were begun the share that a comparison could use; absent in what an older weir measured. */
  usableShare: z.number().gt(0).max(1).optional(),
  /** Mean of all pairs that ran, also of those that cannot be used: from the start of the first trial to the end of the last. */
  secondsAPair: z.number().min(0),
})

export type NoiseSample = z.output<typeof noiseSample>

/** How much a number differs from pair to pair where nothing changed, on one machine: all runs that asked, taken together. */
export interface NoiseFloor
  extends Pick<
    NoiseSample,
    'scenario' | 'loadDigest' | 'variant' | 'metric' | 'unit' | 'better' | 'mode' | 'eventLoopSampling'
  > {
  /** Standard deviation of ln(B/A) within a run. */
  sdLog: number
  /** Over all runs. */
  pairs: number
  /** Of begun pairs; 1 where it is not known. */
  usableShare: number
  secondsAPair: number
  /** Their ids. */
  runs: string[]
}
