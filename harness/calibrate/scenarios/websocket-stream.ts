/**
 * USERS with a WebSocket each ask for streamed answers, one after the other, for SECONDS.
 *
 *   calibrate_ttft   the request was handed to the socket -> the first token
 *   calibrate_itl    (last token - first token) / (TOKENS - 1)
 */
import exec from 'k6/execution'
import { Trend } from 'k6/metrics'
import type { Options } from 'k6/options'
import { WebSocket } from 'k6/websockets'

const tokens = Number(__ENV.TOKENS)
const seconds = Number(__ENV.SECONDS)
const ttft = new Trend('calibrate_ttft', true)
const itl = new Trend('calibrate_itl', true)
const now: () => number = typeof performance === 'undefined' ? () => Date.now() : () => performance.now()

export const options: Options = {
  scenarios: {
    main: { executor: 'per-vu-iterations', vus: Number(__ENV.USERS), iterations: 1, maxDuration: '10m' },
  },
}

export default function converse(): void {
  const user = exec.scenario.iterationInTest
  const socket = new WebSocket(`${(__ENV.BASE_URL as string).replace('http', 'ws')}/`)
  let endMs = 0
  let sentMs = 0
  let firstMs = 0

  const ask = (): void => {
    firstMs = 0
    sentMs = now()
    socket.send(String(user))
  }
  socket.onopen = () => {
    endMs = now() + 1000 * seconds
    ask()
  }
  socket.onmessage = (event) => {
    const heardMs = now()
    if (firstMs === 0) {
      firstMs = heardMs
      ttft.add(heardMs - sentMs)
    }
    if (event?.data !== 'last') return
    itl.add((heardMs - firstMs) / (tokens - 1))
    if (heardMs < endMs) ask()
    else socket.close()
  }
}
