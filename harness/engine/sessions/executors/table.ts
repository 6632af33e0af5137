import { constantArrivalRate } from './constant-arrival-rate.ts'
import { constantVus } from './constant-vus.ts'
import { externallyControlled } from './externally-controlled.ts'
import { perVuIterations, sharedIterations } from './iterations.ts'
import type { Executor } from './port.ts'
import { rampingArrivalRate } from './ramping-arrival-rate.ts'
import { rampingVus } from './ramping-vus.ts'

/** k6's executors by their names in `options.scenarios`. */
export const executors = {
  'shared-iterations': sharedIterations,
  'per-vu-iterations': perVuIterations,
  'constant-vus': constantVus,
  'ramping-vus': rampingVus,
  'constant-arrival-rate': constantArrivalRate,
  'ramping-arrival-rate': rampingArrivalRate,
  'externally-controlled': externallyControlled,
} satisfies Record<string, Executor>
