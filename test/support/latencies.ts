import * as hdr from 'hdr-histogram-js'
import { describeMetric } from '../../harness/metrics/table.ts'
import type { Observation, Scope, StoredHistogram } from '../../harness/record/schema.ts'
import type { Random } from './random.ts'

/** Three latencies of the same turns, as histograms of microseconds. */
export interface Latencies {
  service: hdr.Histogram
  intended: hdr.Histogram
  ttft: hdr.Histogram
}

/** Draws turns whose time is log-normal plus a constant; the intended time adds a little lateness. */
export function recordLatencies(
  typical: { medianMs: number; addedMs: number; sigma: number },
  samples: number,
  random: Random,
): Latencies {
  const [service, intended, ttft] = [emptyHistogram(), emptyHistogram(), emptyHistogram()]
  for (let sample = 0; sample < samples; sample++) {
    const serviceMs = typical.addedMs + typical.medianMs * Math.exp(typical.sigma * random.normal())
    service.recordValue(Math.round(serviceMs * 1000))
    intended.recordValue(Math.round((serviceMs + 0.6 * -Math.log(1 - random.uniform())) * 1000))
    ttft.recordValue(Math.round(serviceMs * 400))
  }
  return { service, intended, ttft }
}

const emptyHistogram = (): hdr.Histogram => hdr.build({ bitBucketSize: 32, numberOfSignificantValueDigits: 3 })

export function storedHistogram(metric: string, scope: Scope, histogram: hdr.Histogram): StoredHistogram {
  return {
    ...scope,
    metric,
    kind: 'trend',
    scale: 1000,
    unit: 'ms',
    count: histogram.totalCount,
    sum: (histogram.mean * histogram.totalCount) / 1000,
    min: histogram.minNonZeroValue / 1000,
    max: histogram.maxValue / 1000,
    data: hdr.encodeIntoCompressedBase64(histogram),
  }
}

/** What a record says of a trend: average, percentiles and maximum, each with the samples behind it. */
export function latencyObservations(metric: string, scope: Scope, histogram: hdr.Histogram): Observation[] {
  const row = describeMetric({ name: metric, kind: 'trend', isTime: true })
  const stats: [string, number][] = [
    ['avg', histogram.mean],
    ...[50, 90, 99, 99.9].map((p): [string, number] => [`p(${p})`, histogram.getValueAtPercentile(p)]),
    ['max', histogram.maxValue],
  ]
  return stats.map(([stat, micros]) => ({
    ...scope,
    metric,
    stat,
    value: micros / 1000,
    unit: 'ms',
    better: row.better,
    source: row.source,
    n: histogram.totalCount,
  }))
}
