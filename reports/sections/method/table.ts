import { intervals, pairs, verdictKey } from './comparing.ts'
import { ablationSums, derived, scalingFit } from './derived.ts'
import { overTime, percentiles } from './distributions.ts'
import { latencies, streams } from './latencies.ts'
import type { Topic } from './topic.ts'
import { validity } from './validity.ts'

/** In the order in which a reader needs them. A new one is a function and a row here. */
export const topics: readonly Topic[] = [
  latencies,
  streams,
  pairs,
  intervals,
  verdictKey,
  percentiles,
  overTime,
  derived,
  scalingFit,
  ablationSums,
  validity,
]
