/**
 * Devices that open the app again: each has an active session, and is to be given it back among all the past ones.
 *
 * Shows row 12 of the list of optimisations; the past sessions must be in the database, which needs PostgreSQL to show
 * anything. Runs on stock k6 too.
 *
 *   look_up_duration   POST /v1/sessions of a device that has an active session
 *   sessions_mixed     answers with another session than the device's own
 *
 *   DEVICES, RATE of look-ups a second, SECONDS, BASE_URL, STUB_URL
 */
import { check } from 'k6'
import exec from 'k6/execution'
import http, { type Response } from 'k6/http'
import { Counter, Trend } from 'k6/metrics'
import type { Options } from 'k6/options'
import { lookAfterwards, nothingLeft } from './lib/afterwards.ts'
import { parse } from './lib/answers.ts'
import { baseUrl, jsonHeaders, setting } from './lib/turn.ts'

const devices = setting('DEVICES', 500)
const rate = setting('RATE', 200)
const seconds = setting('SECONDS', 10)
const [app, key] = ['app-a', 'key-a']

const lookUpDuration = new Trend('look_up_duration', true)
const sessionsMixed = new Counter('sessions_mixed')

export const options: Options = {
  scenarios: {
    devices: {
      executor: 'constant-arrival-rate',
      rate,
      timeUnit: '1s',
      duration: `${seconds}s`,
      preAllocatedVUs: 50,
      maxVUs: 400,
      gracefulStop: '5s',
    },
  },
  setupTimeout: '120s',
  ext: {
    weir: {
      primary: 'look_up_duration{scenario:devices} p(50)',
      voidUnless: { ...nothingLeft, sessions_mixed: ['count==0'], checks: ['rate==1'] },
    },
  },
}

const opening = (device: number) =>
  ({
    method: 'POST',
    url: `${baseUrl}/v1/sessions`,
    body: JSON.stringify({ app, device: `device-${device}` }),
    params: { headers: jsonHeaders(key) },
  }) as const

const idOf = (body: unknown): string | undefined => parse<{ id: string }>(body)?.id

/** Which session each device has: no two the same. */
export function setup(): string[] {
  const openings = Array.from({ length: devices }, (_, device) => opening(device))
  const sessions = http.batch(openings).map(sessionIn)
  sessionsMixed.add(devices - new Set(sessions).size)
  return sessions
}

function sessionIn({ status, body }: Response, device: number): string {
  const id = idOf(body)
  if ((status === 200 || status === 201) && id !== undefined) return id
  throw new Error(`device ${device} got no session: ${status} ${body}`)
}

export default function reuse(sessions: string[]): void {
  const device = exec.scenario.iterationInTest % devices
  const { url, body, params } = opening(device)
  const response = http.post(url, body, params)
  const isReused = check(response, { 'a session was given back': ({ status }) => status === 200 })
  if (!isReused) return
  lookUpDuration.add((response.timings as { intended?: number }).intended ?? response.timings.duration)
  if (idOf(response.body) !== sessions[device]) sessionsMixed.add(1)
}

export const teardown = lookAfterwards
