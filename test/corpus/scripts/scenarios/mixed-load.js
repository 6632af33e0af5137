// Readers at a steady rate while writers work through a list.
// order: none

import { check } from 'k6'
import { SharedArray } from 'k6/data'
import exec from 'k6/execution'
import http from 'k6/http'

const orders = new SharedArray('orders', () => Array.from({ length: 5 }, (_, id) => ({ id, amount: id * 10 })))

export const options = {
  discardResponseBodies: true,
  scenarios: {
    readers: {
      executor: 'constant-arrival-rate',
      rate: 10,
      timeUnit: '1s',
      duration: '1050ms',
      preAllocatedVUs: 2,
      maxVUs: 4,
      exec: 'read',
    },
    writers: {
      executor: 'shared-iterations',
      vus: 2,
      iterations: orders.length,
      exec: 'write',
      tags: { role: 'writer' },
    },
  },
  thresholds: {
    'http_reqs{scenario:readers}': ['count==11'],
    'http_reqs{role:writer}': ['count==5'],
    http_req_failed: ['rate==0'],
  },
}

export function read() {
  check(http.get(`${__ENV.BASE}/json`), {
    'read 200': (r) => r.status === 200,
    'body is discarded': (r) => r.body === null,
  })
}

export function write() {
  const order = orders[exec.scenario.iterationInTest]
  const response = http.post(`${__ENV.BASE}/echo/orders`, JSON.stringify(order), { responseType: 'text' })
  check(response, { 'echoes the order': (r) => JSON.parse(r.json('body')).amount === order.id * 10 })
}
