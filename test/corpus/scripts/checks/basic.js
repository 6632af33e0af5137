// Checks that pass, fail and give other values than booleans; what check returns; tags.
import { check } from 'k6'

export const options = { iterations: 2, thresholds: { checks: ['rate>0.4'], 'checks{kind:tagged}': ['rate==1'] } }

export default function () {
  console.log(check(5, { 'is five': (v) => v === 5, 'is odd': (v) => v % 2 === 1 }))
  console.log(check(5, { 'is six': (v) => v === 6, sometimes: () => __ITER === 0 }))
  check(null, { number: () => 1, text: () => 'yes', nothing: () => null, 'no function': true, zero: 0 })
  check(null, { tagged: () => true }, { kind: 'tagged' })
  console.log(check(null, {}))
}
