import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { planAnswer } from '../../../reference-server/services/answers.ts'

/** What the gateway does to one answer before it leaves. */
export type Spoil = (tokens: string[], turn: number, session: string) => string[]

const gauges = [
  ...['gateway_turns_in_flight', 'gateway_permits_in_use', 'gateway_turns_waiting', 'gateway_open_channels'],
  ...['gateway_upstream_calls_in_flight', 'gateway_websocket_connections'],
]

/** Answers JSON turns at once, as the gateway would, and spoils what it is told to. @returns its URL */
export const fakeGateway = async (t: TestContext, spoil: Spoil = (tokens) => tokens): Promise<string> => {
  const server = createServer((request, response) => void answer(request, response, spoil))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close().closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const answer = async (request: IncomingMessage, response: ServerResponse, spoil: Spoil): Promise<void> => {
  const body = await text(request)
  if (request.url === '/metrics') return void response.end(gauges.map((name) => `${name} 0\n`).join(''))
  const session = /^\/v1\/sessions\/([^/]+)\/turns$/.exec(request.url ?? '')?.[1]
  if (session === undefined) return void response.writeHead(201).end('{}')
  const { turn } = JSON.parse(body) as { turn: number }
  const tokens = spoil(planAnswer(session, `${turn}`).tokens, turn, session)
  response.end(JSON.stringify({ session, turn, tokens: tokens.length, content: tokens.join('') }))
}
