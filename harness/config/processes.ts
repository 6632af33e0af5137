import { z } from 'zod'
import { duration, env, names } from './values.ts'

/** GET on `http` answers 2xx, or with `tcp: true` the port accepts a connection. */
const ready = z
  .union([
    z.strictObject({ http: z.string().startsWith('/'), timeout: duration.default(15_000) }),
    z.strictObject({ tcp: z.literal(true), timeout: duration.default(15_000) }),
  ])
  .transform(({ timeout, ...probe }) => ({ ...probe, timeoutMs: timeout }))

const command = z.array(z.string()).min(1)

/** What stands in every variant that is a server. */
const common = {
  description: z.string().default(''),
  /** The services that it talks to; all that are not optional unless given. */
  services: names.optional(),
  /** What must be there for it to run, by name. */
  needs: names.default([]),
  /** What it still does for a request after it has answered: such a server is never compared in slices. */
  defers: z.string().min(1).optional(),
}

export const launched = z.strictObject({
  ...common,
  /** Program and arguments; `{port}` and the like are filled in. */
  command,
  cwd: z.string().optional(),
  env: env.default({}),
  ready,
  /** A fixed port; without it a free one is chosen. */
  port: z.number().int().min(1).max(65535).optional(),
  stopTimeout: duration.default(10_000),
  /** Preload the probe into Node processes of the target. */
  probe: z.boolean().default(true),
})

export const reached = z.strictObject({
  ...common,
  /** A server that is running already; it is not started, not stopped and not watched. */
  url: z.url(),
})

/** No server: a task of that name in suites. It runs under scenarios that have `tasks`. */
export const taskOnly = z.strictObject({
  description: common.description,
  needs: common.needs,
  task: z.string().min(1),
})

export const service = z.strictObject({
  command,
  cwd: z.string().optional(),
  env: env.default({}),
  ready,
  /** Names of further ports to choose, for `{ports.NAME}` here and `{services.SERVICE.NAME}` elsewhere. */
  ports: z.array(z.string()).default([]),
  stopTimeout: duration.default(5_000),
  /**
   * A path of the service that tells, at each GET, how late it was since the one before:
   * `{ "count": 2000, "p50Ms": 0.6, "p97Ms": 1.2, "p99Ms": 1.4, "maxMs": 3 }`. For services that pace what they send. Without
   * `p97Ms` medians are judged by its p99, too.
   */
  lateness: z.string().startsWith('/').optional(),
  /** Started only in trials whose variant or scenario names it. */
  optional: z.boolean().default(false),
  /** What must be there for it to run, by name. */
  needs: names.default([]),
})
