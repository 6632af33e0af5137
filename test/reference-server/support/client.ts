import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'

export const jsonHeaders = { 'x-api-key': 'key-a', 'content-type': 'application/json' }

/** Asks until `holds` says yes; fails after ten seconds with what was seen last. */
export const eventually = async <T>(look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> => {
  for (let tries = 0; tries < 500; tries++) {
    const seen = await look()
    if (holds(seen)) return seen
    await sleep(20)
  }
  return assert.fail(`never came true; last seen: ${JSON.stringify(await look())}`)
}

/** The gateway's gauges and counters by name, labels included. */
export const readMetrics = async (url: string): Promise<Record<string, number>> => {
  const page = await (await fetch(`${url}/metrics`)).text()
  const lines = page.split('\n').filter((line) => line.startsWith('gateway_'))
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]))
}

/** What a turn holds while it runs: all of these are 0 when nothing is in flight. */
export const heldByTurns = async (url: string) => {
  const metrics = await readMetrics(url)
  return {
    turns: metrics.gateway_turns_in_flight,
    permits: metrics.gateway_permits_in_use,
    waiting: metrics.gateway_turns_waiting,
    channels: metrics.gateway_open_channels,
    calls: metrics.gateway_upstream_calls_in_flight,
  }
}

export const nothingHeld = { turns: 0, permits: 0, waiting: 0, channels: 0, calls: 0 }

export const putSession = (url: string, id: string): Promise<Response> =>
  fetch(`${url}/v1/sessions/${id}`, { method: 'PUT', headers: jsonHeaders })

export const postTurn = (url: string, id: string, turn: number, content: string, signal?: AbortSignal) => {
  const body = JSON.stringify({ turn, content })
  return fetch(`${url}/v1/sessions/${id}/turns`, { method: 'POST', headers: jsonHeaders, body, signal: signal ?? null })
}

/** Sends bytes as they are and gives all that comes back. */
export const rawAnswer = async (url: string, bytes: string): Promise<string> => {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.end(bytes)
  return text(socket)
}

/** Asserts status and shape of an error answer. */
export const assertProblem = async (response: Response, status: number): Promise<void> => {
  const body = (await response.json()) as Record<string, unknown>
  assert.equal(response.status, status, JSON.stringify(body))
  assert.equal(response.headers.get('content-type'), 'application/problem+json')
  assert.deepEqual(Object.keys(body).sort(), ['detail', 'status', 'title', 'type'])
  assert.equal(body.status, status)
}

export type ServerMessage = Record<string, unknown> & { type: string }

/** A WebSocket of a session that hands out what it received message by message. */
export class SessionClient {
  readonly socket: WebSocket
  readonly closed: Promise<number>
  readonly #received: ServerMessage[] = []
  #wake: (() => void) | undefined

  constructor(url: string, id: string, query = '?key=key-a') {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/v1/sessions/${id}/ws${query}`)
    this.closed = once(this.socket, 'close').then(([code]) => code as number)
    this.closed.catch(() => {})
    this.socket.on('message', (data) => {
      this.#received.push(JSON.parse(String(data)))
      this.#wake?.()
    })
  }

  static async open(url: string, id: string): Promise<SessionClient> {
    const client = new SessionClient(url, id)
    await once(client.socket, 'open')
    return client
  }

  sendTurn(turn: number, content: string): void {
    this.socket.send(JSON.stringify({ type: 'turn', turn, content }))
  }

  async next(): Promise<ServerMessage> {
    while (this.#received.length === 0) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      await Promise.race([promise, this.closed])
      if (this.#received.length === 0 && this.socket.readyState === WebSocket.CLOSED)
        throw new Error(`the connection was closed with ${await this.closed} where a message was expected`)
    }
    return this.#received.shift()!
  }

  /** Everything up to the message that ends a turn. */
  async turnMessages(): Promise<ServerMessage[]> {
    const messages: ServerMessage[] = []
    do messages.push(await this.next())
    while (messages.at(-1)?.type === 'token')
    return messages
  }

  async close(): Promise<void> {
    this.socket.close()
    await this.closed
  }
}

/** The HTTP status with which an upgrade is refused. */
export const refusedUpgrade = (url: string, id: string, query: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { socket } = new SessionClient(url, id, query)
    socket.on('open', () => reject(new Error('the upgrade was accepted')))
    socket.on('unexpected-response', (request, response) => {
      request.destroy()
      resolve(response.statusCode)
    })
    socket.on('error', () => {})
  })
