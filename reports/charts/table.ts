import type { Chart } from './chart.ts'
import { latencyByConnections } from './connections-latency.ts'
import { throughputByConnections } from './connections-throughput.ts'
import { cpu } from './cpu.ts'
import { dropped } from './dropped.ts'
import { errors } from './errors.ts'
import { eventLoop } from './event-loop.ts'
import { gcPauses } from './gc-pauses.ts'
import { latency } from './latency.ts'
import { slowLatencyOverTime, typicalLatencyOverTime } from './latency-over-time.ts'
import { heap, memory } from './memory.ts'
import { ratioByPercentile } from './ratio-by-percentile.ts'
import { scalingCpu } from './scaling-cpu.ts'
import { scalingLatency } from './scaling-latency.ts'
import { scalingMemory } from './scaling-memory.ts'
import { sessions } from './sessions.ts'
import { throughput } from './throughput.ts'

/** Those of what became of a quantity over the seconds of the load, in page order: the load and what was felt, then the server. */
export const chartsOverTime: readonly Chart[] = [
  throughput,
  typicalLatencyOverTime,
  slowLatencyOverTime,
  errors,
  dropped,
  sessions,
  eventLoop,
  gcPauses,
  heap,
  memory,
  cpu,
]

/** The charts of a scenario, in page order and by what they have in common. A new one is one file and one row here, or above. */
export const chartGroups: readonly { title: string; charts: readonly Chart[] }[] = [
  { title: 'How long people waited', charts: [latency, ratioByPercentile] },
  { title: 'Over time', charts: chartsOverTime },
  { title: 'With more connections', charts: [throughputByConnections, latencyByConnections] },
  { title: 'With more sessions', charts: [scalingLatency, scalingMemory, scalingCpu] },
]

export const charts: readonly Chart[] = chartGroups.flatMap((group) => group.charts)
