import assert from 'node:assert/strict'
import type { WireAnswer } from './wire.ts'

/** What was asked, as far as it says what may be answered. */
export interface Asked {
  /** All that was sent. */
  text: string
  /** What no answer may contain: it belongs to another app. */
  secrets: readonly string[]
}

const problemKeys = ['detail', 'status', 'title', 'type']

/** Failures of the gateway's upstream: only where the request asked the model to fail. */
const isTrue = (status: number, { text }: Asked): boolean =>
  status < 500 || ((status === 502 || status === 504) && text.includes('stub:'))

/** Asserts that what came back is an answer that a client can work with, and tells nothing that is not the client's. */
export const judge = (answer: WireAnswer, asked: Asked, isHead: boolean): void => {
  const { status, headers, body } = answer
  const shown = `${status} ${body.slice(0, 300)}`
  for (const secret of asked.secrets) assert.ok(!body.includes(secret), `told of another app: ${shown}`)
  if (headers.has('x-injected')) assert.fail(`a header was injected: ${shown}`)
  if (status >= 400 && isOfModel(answer, asked)) return
  assert.ok(isTrue(status, asked), `nobody asked for this failure: ${shown}`)
  if (status >= 400 && !isHead) judgeProblem(answer, shown)
  if (headers.get('content-type') === 'text/event-stream') judgeEvents(body, asked)
}

/** Behind the proxy errors are the model's own, in its own shape. */
const isOfModel = ({ headers, body }: WireAnswer, { text }: Asked): boolean =>
  text.includes('/v1/proxy/') && (headers.has('x-request-id') || body.startsWith('{"error":'))

const judgeProblem = ({ status, headers, body }: WireAnswer, shown: string): void => {
  assert.equal(headers.get('content-type'), 'application/problem+json', shown)
  judgeDetails(JSON.parse(body), shown)
  assert.equal(JSON.parse(body).status, status, shown)
}

const judgeDetails = (details: Record<string, unknown>, shown: string): void => {
  assert.deepEqual(Object.keys(details).sort(), problemKeys, shown)
  for (const name of ['detail', 'title', 'type']) assert.ok(details[name], `without ${name}: ${shown}`)
}

const judgeEvents = (body: string, asked: Asked): void => {
  const error = /^event: error\ndata: (.*)$/m.exec(body)?.[1]
  if (error === undefined) return
  const details = JSON.parse(error)
  judgeDetails(details, error)
  assert.ok(isTrue(details.status, asked), `nobody asked for this failure: ${error}`)
}

/** Asserts the same of one message of a WebSocket. */
export const judgeMessage = (text: string, asked: Asked): void => {
  const message = JSON.parse(text)
  for (const secret of asked.secrets) assert.ok(!text.includes(secret), `told of another app: ${text.slice(0, 300)}`)
  assert.ok(['token', 'done', 'tool_call', 'error'].includes(message.type), text.slice(0, 300))
  if (message.type !== 'error') return
  const { status, title, detail } = message
  assert.ok(typeof title === 'string' && typeof detail === 'string' && status >= 400, text)
  assert.ok(isTrue(status, asked), `nobody asked for this failure: ${text}`)
}
