/**
 * What `teardown()` looks at when all users are gone: whatever a turn holds while it runs must be free again.
 *
 *   turns_left, permits_left, waiting_left, channels_left, calls_left, sockets_left, streams_left, results_left
 *                                                    by the gateway's own /metrics
 *   answers_left                                     answers that the model stub is still giving; only with STUB_URL
 */
import { sleep } from 'k6'
import http from 'k6/http'
import { Gauge } from 'k6/metrics'
import { metricsPage, sumOf } from './gauges.ts'
import { recordTold } from './told.ts'
import { setting, stubUrl } from './turn.ts'

/** What is looked at, and the gauge of the gateway that tells it. */
const held: Record<string, string> = {
  turns_left: 'gateway_turns_in_flight',
  permits_left: 'gateway_permits_in_use',
  waiting_left: 'gateway_turns_waiting',
  channels_left: 'gateway_open_channels',
  calls_left: 'gateway_upstream_calls_in_flight',
  sockets_left: 'gateway_websocket_connections',
  streams_left: 'gateway_open_streams',
  results_left: 'gateway_tool_results_waiting',
}
const answersLeft = 'answers_left'

const waitS = setting('SETTLE_SECONDS', 5)
const lookEveryS = 0.05

const names = stubUrl === '' ? Object.keys(held) : [...Object.keys(held), answersLeft]
const gauges = Object.fromEntries(names.map((name) => [name, new Gauge(name)]))

/** `ext.weir.voidUnless` of every scenario whose `teardown()` is `lookAfterwards`. */
export const nothingLeft = Object.fromEntries(names.map((name) => [name, ['value==0']]))

type Found = Record<string, number | undefined>

/** Gives the gateway some seconds to let go of everything, then says what it still holds. */
export function lookAfterwards(): void {
  let found = look()
  for (let waitedS = 0; waitedS < waitS && !isNothing(found); waitedS += lookEveryS) {
    sleep(lookEveryS)
    found = look()
  }
  // What could not be found out is not recorded: a condition on it does not hold then.
  for (const name of names) {
    const value = found[name]
    if (value !== undefined) gauges[name]?.add(value)
  }
  recordTold(metricsPage())
}

const isNothing = (found: Found): boolean => names.every((name) => found[name] === 0)

function look(): Found {
  const found: Found = {}
  const page = metricsPage()
  for (const name of Object.keys(held)) found[name] = sumOf(page, held[name] as string)
  if (stubUrl !== '') found[answersLeft] = inFlightAtStub()
  return found
}

function inFlightAtStub(): number | undefined {
  const response = http.get(`${stubUrl}/in-flight`)
  return response.status === 200 ? (response.json() as { answers: number }).answers : undefined
}
