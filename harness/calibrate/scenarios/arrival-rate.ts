/**
 * RATE requests a second for SECONDS, whatever becomes of those before (open model), by at most USERS at once. Each
 * names its place in the schedule, so that the server's log tells how late it came. With SPIN_MS a request in SPIN_EVERY
 * is preceded by a computation of so long, which holds up the whole generator.
 */
import exec from 'k6/execution'
import http from 'k6/http'
import type { Options } from 'k6/options'

const spinMs = Number(__ENV.SPIN_MS || 0)
const spinEvery = Number(__ENV.SPIN_EVERY || 1)

export const options: Options = {
  scenarios: {
    main: {
      executor: 'constant-arrival-rate',
      rate: Number(__ENV.RATE),
      timeUnit: '1s',
      duration: `${__ENV.SECONDS}s`,
      preAllocatedVUs: Number(__ENV.USERS),
      gracefulStop: '10s',
    },
  },
}

export default function ask(): void {
  const place = exec.scenario.iterationInTest
  if (spinMs > 0 && place % spinEvery === spinEvery - 1) spin()
  http.get(`${__ENV.BASE_URL}/`, { headers: { 'x-id': String(place) } })
}

function spin(): void {
  const endMs = Date.now() + spinMs
  while (Date.now() < endMs);
}
