/**
 * Turns in which the model calls a tool: one that the client runs, which sends the result over another connection, so
 * that it may arrive at another worker than the one where the turn waits; one that computes; one that is called by HTTP.
 * The model stub is told what each tool must have given in this turn of this session, and refuses anything else: it says
 * the same whatever it is shown, so that a result that is wrong, of another turn, or a failure, would not be seen otherwise.
 *
 * Shows rows 8, 16 and 5 of the list of optimisations. Runs on weir; stock k6 needs the extension xk6-sse.
 *
 *   tool_turn_duration    a turn with its tool, `tool`: client, blocking, http
 *   tool_results_lost     results that were not taken, although a turn was waiting for them
 *   tool_results_wrong    turns whose tool gave, as the model was shown it, something else than it had to
 *   listeners             on the gateway's bus, all workers together, looked at twice a second
 *
 *   USERS of tools of their own (0: none), RATE of the gateway's own tools a second (0: none), SECONDS,
 *   TOOL_MS that a client's tool takes,
 *   OWN_TOOLS that are called in turn (blocking,http; a median of both kinds would be the edge between them),
 *   BLOCKING_TOOL and HTTP_TOOL (as the stub has them: `digest-{...}`), BLOCKING_RESULT and HTTP_RESULT that these must have
 *   (of another tool than usual anything will do without), BASE_URL, STUB_URL
 */
import { check, sleep } from 'k6'
import exec from 'k6/execution'
import http from 'k6/http'
import { Counter, Gauge, Trend } from 'k6/metrics'
import type { Options } from 'k6/options'
import { lookAfterwards, nothingLeft } from './lib/afterwards.ts'
import { answersRight, parse } from './lib/answers.ts'
import { metricsPage, sumOf } from './lib/gauges.ts'
import { type Problem, streamTurn, type ToolCall } from './lib/stream.ts'
import { baseUrl, jsonHeaders, keyOf, now, postTurn, putSession, setting, takeAnswer } from './lib/turn.ts'

const users = setting('USERS', 100)
const rate = setting('RATE', 60)
const seconds = setting('SECONDS', 10)
const toolMs = setting('TOOL_MS', 20)
/** The gateway's own tools are called in so many conversations in turn. */
const ownSessions = 20

/** A tool of the gateway's own, as the stub has it, and what it must give; undefined: nobody knows. */
interface OwnTool {
  call: string
  result: string | undefined
}

const ownTool = (kind: string, usual: { call: string; result: string }): OwnTool => {
  const call = __ENV[`${kind.toUpperCase()}_TOOL`] || usual.call
  const result = __ENV[`${kind.toUpperCase()}_RESULT`] || (call === usual.call ? usual.result : undefined)
  return { call, result }
}

/** By the tag `tool`. */
const ownTools: Record<string, OwnTool> = {
  // Some milliseconds of a core.
  blocking: ownTool('blocking', {
    call: 'digest-{"text":"weir","iterations":20000}',
    result: '57f4d22aef85d5cd0a2d2a9bbdc4d1f2846975fc36b308d4dac8c9f2cb7369c5',
  }),
  http: ownTool('http', {
    call: 'fetch-{"name":"search"}',
    result: '{"tool":"search","arguments":{},"result":"search is done"}',
  }),
}
const calledTools = (__ENV.OWN_TOOLS || 'blocking,http').split(',')
for (const tool of calledTools)
  if (!ownTools[tool]) throw new Error(`OWN_TOOLS names "${tool}": expected ${Object.keys(ownTools).join(' or ')}`)

const toolTurnDuration = new Trend('tool_turn_duration', true)
const toolResultsLost = new Counter('tool_results_lost')
const toolResultsWrong = new Counter('tool_results_wrong')
const listeners = new Gauge('listeners')

const client = {
  executor: 'constant-vus',
  exec: 'clientTool',
  vus: users,
  duration: `${seconds}s`,
  gracefulStop: '10s',
} as const

const own = {
  executor: 'constant-arrival-rate',
  exec: 'gatewayTool',
  rate,
  timeUnit: '1s',
  duration: `${seconds}s`,
  preAllocatedVUs: 50,
  maxVUs: 300,
  gracefulStop: '10s',
} as const

export const options: Options = {
  scenarios: {
    ...(users > 0 ? { client } : {}),
    ...(rate > 0 ? { own } : {}),
    watch: { executor: 'constant-vus', exec: 'watch', vus: 1, duration: `${seconds}s` },
  },
  setupTimeout: '60s',
  ext: {
    weir: {
      primary: `tool_turn_duration{scenario:${users > 0 ? 'client' : 'own'}} p(50)`,
      operation: 'iterations',
      better: { listeners: 'lower' },
      voidUnless: {
        ...answersRight,
        ...nothingLeft,
        tool_results_lost: ['count==0'],
        tool_results_wrong: ['count==0'],
      },
    },
  },
}

export function setup(): void {
  for (let session = 0; session < users; session++) putSession(`client-tools-${session}`, keyOf(session))
  for (let session = 0; session < ownSessions; session++) putSession(`own-tools-${session}`, keyOf(session))
}

/** With the word by which the stub wants this result and no other. */
const mustGive = (call: string, result: string | undefined): string =>
  result === undefined ? `stub:tool-${call}` : `stub:tool-${call} stub:result-{${result}}`

export function clientTool(): void {
  const user = (exec.vu.idInTest - 1) % users
  const turn = exec.vu.iterationInScenario
  // In step with one another they would hold each other up, and the generator.
  if (turn === 0) sleep((Math.random() * toolMs) / 1000)
  const key = keyOf(user)
  const session = `client-tools-${user}`
  const result = `ask_client is done for ${session}, turn ${turn}`
  const beganMs = now()
  const isGood = streamTurn(
    { session, turn, content: `${mustGive('ask_client', result)} stub:take-20`, key },
    { onToolCall: (call) => runTool(call, result, key), onError: noteRefusal },
  )
  if (isGood) toolTurnDuration.add(now() - beganMs, { tool: 'client' })
}

/** The turn's own connection is busy with the stream: the result goes another way. */
function runTool({ id }: ToolCall, result: string, key: string): void {
  sleep(toolMs / 1000)
  const response = http.post(http.url`${baseUrl}/v1/tool-results/${id}`, JSON.stringify({ content: result }), {
    headers: jsonHeaders(key),
  })
  if (!check(response, { 'the result was taken': ({ status }) => status === 202 })) toolResultsLost.add(1)
}

export function gatewayTool(): void {
  const iteration = exec.scenario.iterationInTest
  const user = iteration % ownSessions
  const tool = calledTools[iteration % calledTools.length] as string
  const { call, result } = ownTools[tool] as OwnTool
  const content = `${mustGive(call, result)} stub:take-20`
  const asked = { session: `own-tools-${user}`, turn: Math.floor(iteration / ownSessions), content, key: keyOf(user) }
  const beganMs = now()
  const response = postTurn(asked)
  if (takeAnswer(asked, response)) toolTurnDuration.add(now() - beganMs, { tool })
  else noteRefusal(parse<Problem>(response.body))
}

/** The stub finds fault with nothing else that a gateway asks for here. */
function noteRefusal(problem: Problem | null): void {
  if (problem?.detail === 'the model answered with status 400') toolResultsWrong.add(1)
}

export function watch(): void {
  const found = sumOf(metricsPage(), 'gateway_bus_listeners')
  if (found !== undefined) listeners.add(found)
  sleep(0.5)
}

export const teardown = lookAfterwards
