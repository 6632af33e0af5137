/**
 * USERS who would each ask every EVERY_MS for SECONDS, but who wait for their answer before they ask again: held up
 * once, a user is late for all that was due meanwhile, and catches up.
 *
 *   calibrate_intended   the request was due -> its last byte: what somebody waiting feels
 *   http_req_duration    it was sent -> its last byte: who reports this has left out the waiting (coordinated omission)
 *
 * The first request of a user opens its connection, the second is the zero of its schedule.
 */
import { sleep } from 'k6'
import exec from 'k6/execution'
import http from 'k6/http'
import { Trend } from 'k6/metrics'
import type { Options } from 'k6/options'

const everyMs = Number(__ENV.EVERY_MS)
const turns = Math.round((1000 * Number(__ENV.SECONDS)) / everyMs)
const users = Number(__ENV.USERS)
const intended = new Trend('calibrate_intended', true)
const now: () => number = typeof performance === 'undefined' ? () => Date.now() : () => performance.now()

export const options: Options = {
  scenarios: { main: { executor: 'per-vu-iterations', vus: users, iterations: 1, maxDuration: '10m' } },
}

export default function pace(): void {
  const user = exec.scenario.iterationInTest
  http.get(`${__ENV.BASE_URL}/`)
  // Users do not ask in the same instant.
  sleep((everyMs * user) / users / 1000)
  const zeroMs = now()
  for (let turn = 0; turn < turns; turn++) {
    const dueMs = zeroMs + turn * everyMs
    const waitMs = dueMs - now()
    if (waitMs > 0) sleep(waitMs / 1000)
    const response = http.get(`${__ENV.BASE_URL}/`, { headers: { 'x-id': String(user * turns + turn) } })
    if (response.status === 200) intended.add(now() - dueMs)
  }
}
