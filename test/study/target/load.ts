/**
 * Ten seconds of load: first at a constant rate, which the server cannot slow down, then a closed loop that takes all it
 * can get. The first shows latencies, the second capacity; both show CPU and memory. Runs on stock k6 too.
 */
import { check } from 'k6'
import http from 'k6/http'
import type { Options } from 'k6/options'

export const options: Options = {
  scenarios: {
    paced: {
      executor: 'constant-arrival-rate',
      rate: 800,
      timeUnit: '1s',
      duration: '5s',
      preAllocatedVUs: 50,
      maxVUs: 200,
      gracefulStop: '1s',
    },
    capacity: { executor: 'constant-vus', vus: 16, startTime: '5s', duration: '5s', gracefulStop: '1s' },
  },
  ext: {
    weir: {
      primary: 'http_req_intended_duration{scenario:paced} p(50)',
      capacity: ['capacity'],
      voidUnless: { checks: ['rate==1'] },
    },
  },
}

export default function request(): void {
  const response = http.get(`${__ENV.BASE_URL}/`)
  check(response, { 'is the document': ({ status, body }) => status === 200 && String(body).startsWith('{"id":0') })
}
