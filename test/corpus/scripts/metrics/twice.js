// The same metric made twice is one; of another kind it is a mistake.
import { Counter, Trend } from 'k6/metrics'

const one = new Counter('same')
const two = new Counter('same')
try {
  new Trend('same')
} catch (error) {
  if (__VU === 1) console.log(`${error.message ?? error}`.split('\n')[0])
}

export default function () {
  one.add(1)
  two.add(2)
}
