import type { Chart } from './chart.ts'
import { cpu } from './cpu.ts'
import { eventLoop } from './event-loop.ts'
import { latencyIntended } from './latency-intended.ts'
import { slowLatencyOverTime, typicalLatencyOverTime } from './latency-over-time.ts'
import { latencyService } from './latency-service.ts'
import { heap, memory } from './memory.ts'
import { sessions } from './sessions.ts'
import { throughput } from './throughput.ts'

/** Those of what became of a quantity over the seconds of the load, in page order. */
export const chartsOverTime: readonly Chart[] = [
  typicalLatencyOverTime,
  slowLatencyOverTime,
  throughput,
  sessions,
  memory,
  heap,
  eventLoop,
  cpu,
]

/** The charts of a scenario, in page order. A new one is one file and one row here, or above. */
export const charts: readonly Chart[] = [latencyIntended, latencyService, ...chartsOverTime]
