import { z } from 'zod'
import { duration, env, names, recordedSelector } from './values.ts'

const options = z.record(z.string(), z.unknown()).default({})

const turn = duration.refine((ms) => ms >= 20 && Number.isInteger(ms), 'expected whole milliseconds, 20ms or more')

/**
 * length: of each turn, without the drain behind it. The shorter, the more alike is what both sides meet of a noisy machine:
 * see `npm run bench:slices`.
 */
export const slices = z.strictObject({ length: turn.default(50) })

export const scenario = z.strictObject({
  description: z.string().default(''),
  /** A k6 script, or what another engine runs, relative to the config file. */
  script: z.string(),
  /** What makes the load, by name: `sessions`, which runs k6 scripts, unless given. Who names one that is not there is left out. */
  engine: z.string().min(1).optional(),
  /** `__ENV` of the script; `{services.stubs.port}` and the like are filled in. */
  env: env.default({}),
  /** k6 options that win over the script's own. */
  options,
  /** The one metric that gets a verdict; without it the script's own `ext.weir.primary`. */
  primary: recordedSelector.optional(),
  /** The services that it needs beside those of the variant; all that are not optional unless given. */
  services: names.optional(),
  /**
   * Of a suite, which measures operations by themselves and no server: the task of each variant. A variant that is only a
   * task need not stand here; of the others just these run under the scenario.
   */
  tasks: z.record(z.string(), z.string().min(1)).optional(),
  /** What must be there for it to run, by name. */
  needs: names.default([]),
  /**
   * env: what is added to the target's environment, and wins over the variant's. cores: how many CPUs it has to itself,
   * as far as the machine has more.
   */
  target: z.strictObject({ env: env.default({}), cores: z.number().int().min(1).default(1) }).optional(),
  /** False: the load meets a cold target. */
  warmup: z.boolean().default(true),
  /** What changes with --quick. */
  quick: z.strictObject({ env: env.default({}), options }).optional(),
  /**
   * All that are compared under it are alive at once, and one load of each alternates: for a closed loop of what takes all
   * it can get, at servers whose work ends with the response.
   */
  slices: slices.optional(),
  /** What changes where two variants are compared pair by pair: shorter loads, and more of them. */
  pairs: z.strictObject({ env: env.default({}), options, slices: slices.optional() }).optional(),
})

/** A script that runs before each measured load, the same for all variants. */
export const warmup = z.strictObject({
  script: z.string(),
  env: env.default({}),
  quick: z.strictObject({ env }).optional(),
})
