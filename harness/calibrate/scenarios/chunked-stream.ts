/**
 * RATE streamed answers a second for SECONDS, read as HTTP chunks.
 *
 *   calibrate_ttft   the request was due -> the first byte
 *   calibrate_itl    (last byte - first byte) / (TOKENS - 1)
 */
import exec from 'k6/execution'
import http from 'k6/http'
import { Trend } from 'k6/metrics'
import type { Options } from 'k6/options'

const tokens = Number(__ENV.TOKENS)
const ttft = new Trend('calibrate_ttft', true)
const itl = new Trend('calibrate_itl', true)

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
  const response = http.get(`${__ENV.BASE_URL}/`, { headers: { 'x-id': String(exec.scenario.iterationInTest) } })
  if (response.status !== 200) return
  // `queued` is weir's own; stock k6 does not tell how late a request was sent.
  const { queued = 0, sending, waiting, receiving } = response.timings as typeof response.timings & { queued?: number }
  ttft.add(queued + sending + waiting)
  itl.add(receiving / (tokens - 1))
}
