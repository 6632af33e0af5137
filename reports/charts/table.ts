import type { Chart } from './chart.ts'
import { cpu } from './cpu.ts'
import { errors } from './errors.ts'
import { eventLoop } from './event-loop.ts'
import { gcPauses } from './gc-pauses.ts'
import { latency } from './latency.ts'
import { slowLatencyOverTime, typicalLatencyOverTime } from './latency-over-time.ts'
import { heap, memory } from './memory.ts'
import { sessions } from './sessions.ts'
import { throughput } from './throughput.ts'

/** Those of what became of a quantity over the seconds of the load, in page order: the load and what was felt, then the server. */
export const chartsOverTime: readonly Chart[] = [
  throughput,
  typicalLatencyOverTime,
  slowLatencyOverTime,
  errors,
  sessions,
  eventLoop,
  gcPauses,
  heap,
  memory,
  cpu,
]

/** The charts of a scenario, in page order. A new one is one file and one row here, or above. */
export const charts: readonly Chart[] = [latency, ...chartsOverTime]
