/**
 * USERS who each ask, sleep for SLEEP_MS and ask again, for about SECONDS. The first of them computes for SPIN_MS before
 * each SPIN_EVERY-th of its requests: that holds up the whole generator, so the others wake up late. How late is to be
 * found in `http_req_intended_duration`, and not in `http_req_duration`.
 */
import { sleep } from 'k6'
import exec from 'k6/execution'
import http from 'k6/http'
import type { Options } from 'k6/options'

const sleepMs = Number(__ENV.SLEEP_MS)
const turns = Math.round((1000 * Number(__ENV.SECONDS)) / sleepMs)
const spinMs = Number(__ENV.SPIN_MS)
const spinEvery = Number(__ENV.SPIN_EVERY)

export const options: Options = {
  scenarios: {
    main: { executor: 'per-vu-iterations', vus: Number(__ENV.USERS), iterations: 1, maxDuration: '10m' },
  },
}

export default function askAndSleep(): void {
  const user = exec.scenario.iterationInTest
  for (let turn = 0; turn < turns; turn++) {
    if (turn > 0) sleep(sleepMs / 1000)
    if (user === 0 && spinMs > 0 && turn % spinEvery === spinEvery - 1) spin()
    http.get(`${__ENV.BASE_URL}/`, { headers: { 'x-id': String(user * turns + turn) } })
  }
}

function spin(): void {
  const endMs = Date.now() + spinMs
  while (Date.now() < endMs);
}
