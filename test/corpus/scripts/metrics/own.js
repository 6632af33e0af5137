// Metrics of the script: kinds, units, tags, numbers as text, what add refuses.
import { Counter, Gauge, Rate, Trend } from 'k6/metrics'

const orders = new Counter('orders')
const level = new Gauge('level')
const found = new Rate('found')
const waiting = new Trend('waiting', true)
const sizes = new Trend('sizes')

export const options = { iterations: 3 }

export default function () {
  orders.add(2)
  orders.add(1, { kind: 'big' })
  level.add(10 - __ITER)
  found.add(true)
  found.add(0)
  found.add(__ITER === 1, { kind: 'b' })
  waiting.add(12.5)
  sizes.add(__ITER * 100)
  orders.add('5')
  sizes.add(true)
  console.log(orders.name, String(typeof orders.add))
}
