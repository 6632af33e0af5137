// summaryTrendStats and summaryTimeUnit.
// files: out.json
import { Trend } from 'k6/metrics'

const trend = new Trend('own_trend')

export const options = { iterations: 4, summaryTrendStats: ['min', 'max', 'avg', 'count'], summaryTimeUnit: 's' }

export default function () {
  trend.add(10 * (__ITER + 1))
}

export function handleSummary({ metrics, options }) {
  return { 'out.json': JSON.stringify([metrics.own_trend, options]) }
}
