// handleSummary: the shape of its data; what it returns goes to stdout and files.
// stdout: compared
// files: out.json out.txt
import { check, group } from 'k6'
import { Counter, Gauge, Rate } from 'k6/metrics'

const counter = new Counter('own_counter')
const gauge = new Gauge('own_gauge')
const rate = new Rate('own_rate')

export const options = { iterations: 2, thresholds: { own_counter: ['count==2', 'count>2'] } }

export function setup() {
  return { prepared: true }
}

export default function () {
  counter.add(1)
  gauge.add(__ITER)
  rate.add(__ITER === 0)
  group('outer', () => {
    check(__ITER, { first: (i) => i === 0 })
    group('inner', () => check(1, { always: () => true }))
  })
}

const metricOf = ({ type, contains, values, thresholds }) => ({
  type,
  contains,
  values: Object.keys(values).sort(),
  thresholds,
})

export function handleSummary(data) {
  const { metrics, root_group, options, setup_data } = data
  const own = {
    count: metrics.own_counter.values.count,
    gauge: metrics.own_gauge.values,
    rate: metrics.own_rate.values,
  }
  const shapes = ['own_counter', 'own_gauge', 'own_rate', 'iteration_duration', 'checks'].map((name) =>
    metricOf(metrics[name]),
  )
  return {
    stdout: `${Object.keys(data).sort()} ${Object.keys(data.state).sort()}\n`,
    'out.json': JSON.stringify({ own, shapes, root_group, options, setup_data }, null, 1),
    'out.txt': 'plain',
  }
}
