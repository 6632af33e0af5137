/**
 * Five seconds of a closed loop that takes all it can get: capacity, CPU, memory, and how long answers take at that. In
 * slices the servers have their turns of it. Runs on stock k6 too.
 */
import { check } from 'k6'
import http from 'k6/http'
import type { Options } from 'k6/options'

export const options: Options = {
  scenarios: { capacity: { executor: 'constant-vus', vus: 8, duration: '5s', gracefulStop: '1s' } },
  ext: {
    weir: {
      primary: 'target_cpu_per_op{phase:capacity} value',
      capacity: ['capacity'],
      voidUnless: { checks: ['rate==1'] },
    },
  },
}

export default function request(): void {
  const response = http.get(`${__ENV.BASE_URL}/`)
  check(response, { 'is the document': ({ status, body }) => status === 200 && String(body).startsWith('{"id":0') })
}
