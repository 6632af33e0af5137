/**
 * Turns in which the model calls a tool: one that the client runs, which sends the result over another connection, so
 * that it may arrive at another worker than the one where the turn waits; one that computes; one that is called by HTTP.
 *
 * Shows rows 8, 16 and 5 of the list of optimisations. Runs on weir; stock k6 needs the extension xk6-sse.
 *
 *   tool_turn_duration    a turn with its tool, `tool`: client, blocking, http
 *   tool_results_lost     results that were not taken, although a turn was waiting for them
 *   listeners             on the gateway's bus, all workers together, looked at twice a second
 *
 *   USERS of tools of their own, RATE of the gateway's own tools a second, SECONDS, TOOL_MS that a client's tool takes,
 *   BLOCKING_TOOL and HTTP_TOOL (as the stub has them: `digest-{...}`), BASE_URL, STUB_URL
 */
import { check, sleep } from 'k6'
import exec from 'k6/execution'
import http from 'k6/http'
import { Counter, Gauge, Trend } from 'k6/metrics'
import type { Options } from 'k6/options'
import { lookAfterwards, nothingLeft } from './lib/afterwards.ts'
import { answersRight } from './lib/answers.ts'
import { metricsPage, sumOf } from './lib/gauges.ts'
import { streamTurn, type ToolCall } from './lib/stream.ts'
import { baseUrl, jsonHeaders, keyOf, now, putSession, setting, takeTurn } from './lib/turn.ts'

const users = setting('USERS', 100)
const rate = setting('RATE', 60)
const seconds = setting('SECONDS', 10)
const toolMs = setting('TOOL_MS', 20)
/** Some milliseconds of a core. */
const blockingTool = __ENV.BLOCKING_TOOL || 'digest-{"text":"weir","iterations":20000}'
const httpTool = __ENV.HTTP_TOOL || 'fetch-{"name":"search"}'

const toolTurnDuration = new Trend('tool_turn_duration', true)
const toolResultsLost = new Counter('tool_results_lost')
const listeners = new Gauge('listeners')

export const options: Options = {
  scenarios: {
    client: { executor: 'constant-vus', exec: 'clientTool', vus: users, duration: `${seconds}s`, gracefulStop: '10s' },
    own: {
      executor: 'constant-arrival-rate',
      exec: 'ownTool',
      rate,
      timeUnit: '1s',
      duration: `${seconds}s`,
      preAllocatedVUs: 50,
      maxVUs: 300,
      gracefulStop: '10s',
    },
    watch: { executor: 'constant-vus', exec: 'watch', vus: 1, duration: `${seconds}s` },
  },
  setupTimeout: '60s',
  ext: {
    weir: {
      primary: 'tool_turn_duration{scenario:client} p(50)',
      operation: 'iterations',
      voidUnless: { ...answersRight, ...nothingLeft, tool_results_lost: ['count==0'] },
    },
  },
}

export function setup(): void {
  for (let session = 0; session < users; session++) {
    putSession(`client-tools-${session}`, keyOf(session))
    putSession(`own-tools-${session}`, keyOf(session))
  }
}

export function clientTool(): void {
  const user = (exec.vu.idInTest - 1) % users
  const turn = exec.vu.iterationInScenario
  const key = keyOf(user)
  const beganMs = now()
  const isGood = streamTurn(
    { session: `client-tools-${user}`, turn, content: 'stub:tool-ask_client stub:take-20', key },
    { onToolCall: (call) => runTool(call, key) },
  )
  if (isGood) toolTurnDuration.add(now() - beganMs, { tool: 'client' })
}

/** The turn's own connection is busy with the stream: the result goes another way. */
function runTool({ id, name }: ToolCall, key: string): void {
  sleep(toolMs / 1000)
  const response = http.post(
    http.url`${baseUrl}/v1/tool-results/${id}`,
    JSON.stringify({ content: `${name} is done` }),
    { headers: jsonHeaders(key) },
  )
  if (!check(response, { 'the result was taken': ({ status }) => status === 202 })) toolResultsLost.add(1)
}

export function ownTool(): void {
  const iteration = exec.scenario.iterationInTest
  const user = iteration % users
  const [tool, name] = iteration % 2 === 0 ? ['blocking', blockingTool] : ['http', httpTool]
  const content = `stub:tool-${name} stub:take-20`
  const turn = Math.floor(iteration / users)
  const beganMs = now()
  if (takeTurn({ session: `own-tools-${user}`, turn, content, key: keyOf(user) }))
    toolTurnDuration.add(now() - beganMs, { tool: tool as string })
}

export function watch(): void {
  const found = sumOf(metricsPage(), 'gateway_bus_listeners')
  if (found !== undefined) listeners.add(found)
  sleep(0.5)
}

export const teardown = lookAfterwards
