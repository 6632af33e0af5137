// Values that are no numbers, and metrics made too late.
import { Counter, Trend } from 'k6/metrics'

const counter = new Counter('counter')
const trend = new Trend('trend')

const attempt = (action) => {
  try {
    console.log(`gave ${action()}`)
  } catch (error) {
    console.log(`${error.message ?? error}`.split('\n')[0])
  }
}

export default function () {
  attempt(() => counter.add(-1))
  attempt(() => trend.add('text'))
  attempt(() => trend.add(undefined))
  attempt(() => trend.add(NaN))
  attempt(() => trend.add(null))
  attempt(() => trend.add({}))
  attempt(() => counter.add(1, 'tags'))
  attempt(() => new Counter('late'))
}
