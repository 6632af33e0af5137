import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { WebSocketServer } from 'ws'
import { planAnswer, widen } from '../../../reference-server/services/answers.ts'
import { type Behaviour, behaviourOf } from '../../../reference-server/services/behaviour.ts'
import { type Refusal, refusalOf } from './refusal.ts'
import { type Client, speak } from './speak.ts'

/** How the gateway goes wrong; what is left out goes right. */
export interface Flaws {
  /** For the title of a test. */
  title: string
  /** What it does to an answer before it leaves. */
  spoil?: (tokens: string[], turn: number, session: string) => string[]
  /** Permits that never come back. */
  leakedPermits?: number
  /** Calls to the model go on when they were interrupted, or their client is gone. */
  abortsNothing?: boolean
  /** They go on for so long, ms, as the model's side tells it. */
  abortsLateMs?: number
  /** Turns of a session are forgotten when its connection breaks. */
  forgetsTurns?: boolean
  /** Characters that it holds for those who do not read; null: it does not tell. */
  waitingText?: number | null
  /** The model gets rid of answers that nobody reads. */
  takesAllOfAnswers?: boolean
  /** First turns are answered and then forgotten. */
  losesTurns?: boolean
  /** Changes that it could not store, or that wait to be stored for ever. */
  unstored?: { failed?: number; pending?: number }
  /** Every device gets the same session. */
  mixesSessions?: boolean
  /** What the proxy does to an answer's status. */
  proxyStatus?: (status: number) => number
  /** Its own tools fail, and the model is told so. */
  failsTools?: boolean
  /** What a client's tool gave goes to another turn that waits. */
  mixesResults?: boolean
  /** Some turns are refused at once. */
  refusesTurns?: boolean
  /** Turns that it lets through although they are beyond the limit. */
  ignoresLimit?: boolean
}

const gauges = [
  ...['gateway_turns_in_flight', 'gateway_turns_waiting', 'gateway_open_channels', 'gateway_upstream_calls_in_flight'],
  ...['gateway_websocket_connections', 'gateway_open_streams', 'gateway_tool_results_waiting'],
]
const counted = `gateway_bus_listeners 3
gateway_turns_total{outcome="ok"} 150
gateway_turns_total{outcome="error"} 50
gateway_organisation_reads 2
gateway_agent_cache_hits 30
gateway_agent_cache_misses 10
`
const usual: Behaviour = { tokenCount: 8, tools: [], fault: { kind: 'none' } }

/** One turn under way. */
export interface RunningTurn {
  session: string
  turn: number
  tokens: string[]
  /** Between two tokens, ms. */
  gapMs: number
  tools: readonly { name: string }[]
  /** What the model wants these to give, in their order. */
  results: readonly string[]
}

/** Answers as the gateway does, with the model stub inside and quickly, and with the flaws that it is given. */
export class FakeGateway {
  readonly flaws: Flaws
  readonly turnsOf = new Map<string, number>()
  /** What goes on when a call has its result. */
  readonly waitingCalls = new Map<string, (result: string) => void>()
  #resultBefore: string | undefined
  readonly #abortedMs = new Map<string, number>()
  #passed = 0

  constructor(flaws: Flaws) {
    this.flaws = flaws
  }

  planTurn(session: string, turn: number, content: string): RunningTurn {
    const { tokenCount, tokenWidth = 0, gapMs = 0, tools, results = [] } = behaviourOf(content, usual)
    const tokens = planAnswer(session, `${turn}`, tokenCount).tokens.map((token) => widen(token, tokenWidth))
    return { session, turn, tokens: this.flaws.spoil?.(tokens, turn, session) ?? tokens, gapMs, tools, results }
  }

  completeTurn({ session, turn }: RunningTurn): void {
    if (this.flaws.losesTurns && turn === 0) return
    this.turnsOf.set(session, (this.turnsOf.get(session) ?? 0) + 1)
  }

  noteAbort({ session, turn }: RunningTurn): void {
    const { abortsNothing, abortsLateMs = 0 } = this.flaws
    // What lies in the future is told at once: nobody need wait for it.
    if (!abortsNothing) this.#abortedMs.set(`${session} ${turn}`, performance.now() + abortsLateMs)
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request)
    const { pathname, searchParams } = new URL(request.url!, 'http://gateway')
    const [, , kind, id = '', action] = pathname.split('/')
    if (pathname === '/metrics') return void response.end(this.#metrics())
    if (pathname === '/in-flight') return json(response, 200, { answers: 0 })
    if (pathname === '/aborts') return this.#tellAbort(searchParams, response)
    if (kind === 'proxy') return this.#proxy(pathname.slice('/v1/proxy'.length), body, response)
    if (kind === 'tool-results') return json(response, this.#takeResult(id, JSON.parse(body).content) ? 202 : 404, {})
    if (action === 'turns') return this.#turn(id, JSON.parse(body), response)
    if (request.method === 'POST') return this.#reuse(JSON.parse(body), response)
    json(response, request.method === 'PUT' ? 201 : 200, { id, turns: this.turnsOf.get(id) ?? 0 })
  }

  #metrics(): string {
    const free = gauges.map((name) => `${name} 0\n`).join('')
    return `${free}gateway_permits_in_use ${this.flaws.leakedPermits ?? 0}\n${counted}${this.#held()}`
  }

  #held(): string {
    const { waitingText = 0, unstored: { failed = 0, pending = 0 } = {} } = this.flaws
    const stored = `gateway_context_updates_failed ${failed}\ngateway_store_writes_pending ${pending}\n`
    const waiting = waitingText === null ? '' : `gateway_stream_text_waiting ${waitingText}\n`
    return `process_resident_memory_bytes 1e8\n${stored}${waiting}`
  }

  #tellAbort(query: URLSearchParams, response: ServerResponse): void {
    const atMs = this.#abortedMs.get(`${query.get('session')} ${query.get('turn')}`)
    if (atMs === undefined) json(response, 404, { aborted: false, answering: !this.flaws.takesAllOfAnswers })
    else json(response, 200, { aborted: true, msAgo: performance.now() - atMs })
  }

  #takeResult(id: string, content: string): boolean {
    const take = this.waitingCalls.get(id)
    this.waitingCalls.delete(id)
    take?.(this.flaws.mixesResults ? (this.#resultBefore ?? content) : content)
    this.#resultBefore = content
    return take !== undefined
  }

  #reuse({ device }: { device: string }, response: ServerResponse): void {
    json(response, 200, { id: this.flaws.mixesSessions ? 'one-for-all' : `of-${device}` })
  }

  #turn(session: string, asked: { turn: number; content: string; stream?: boolean }, response: ServerResponse): void {
    const running = this.planTurn(session, asked.turn, asked.content)
    const { turn, tokens } = running
    const refused = asked.stream ? undefined : this.#runOwnTools(running)
    if (this.flaws.refusesTurns && turn % 2 === 0) json(response, 503, {})
    else if (this.#isBeyondLimit(session)) json(response.setHeader('retry-after', 1), 429, {})
    else if (refused) json(response, refused.status, refused)
    else if (asked.stream) streamTo(this, running, response)
    else if (running.gapMs > 0) answerSlowly(this, running, response)
    else {
      this.completeTurn(running)
      json(response, 200, { session, turn, tokens: tokens.length, content: tokens.join('') })
    }
  }

  /** Whoever does not stream has no tools: these are the gateway's. */
  #runOwnTools({ tools, results }: RunningTurn): Refusal | undefined {
    if (!this.flaws.failsTools) return undefined
    const given = tools.map(({ name }) => `${name}: the tool failed; do without it`)
    return refusalOf(given, results)
  }

  /** Ten turns of the sessions that are limited, and no more. */
  #isBeyondLimit(session: string): boolean {
    if (!session.startsWith('limited-')) return false
    this.#passed++
    return this.#passed > 10 && !(this.flaws.ignoresLimit && this.#passed <= 20)
  }

  #proxy(path: string, body: string, response: ServerResponse): void {
    const { status, value } = this.#modelsAnswer(path, body)
    response.setHeader('retry-after', 7)
    json(response, this.flaws.proxyStatus?.(status) ?? status, value)
  }

  #modelsAnswer(path: string, body: string): { status: number; value: unknown } {
    if (path === '/models') return { status: 200, value: { object: 'list', data: [{}] } }
    if (path === '/embeddings') return { status: 200, value: { data: [{}] } }
    if (path !== '/chat/completions') return failed(404, `no GET /v1${path}`)
    const { messages, metadata } = JSON.parse(body)
    if (messages[0].content === 'stub:status-429') return failed(429, 'the stub was told to fail')
    const { tokens } = this.planTurn(metadata.session, Number(metadata.turn), '')
    const value = {
      choices: [{ message: { content: tokens.join('') } }],
      usage: { completion_tokens: tokens.length },
    }
    return { status: 200, value }
  }
}

const failed = (status: number, message: string) => ({ status, value: { error: { message } } })

const json = (response: ServerResponse, status: number, value: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

const streamTo = (gateway: FakeGateway, running: RunningTurn, response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const client: Client = {
    send: (event, data) => response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    onGone: (listener) => void response.once('close', () => response.writableFinished || listener()),
    end: () => void response.end(),
  }
  speak(gateway, running, client)
}

const answerSlowly = (gateway: FakeGateway, running: RunningTurn, response: ServerResponse): void => {
  const client: Client = {
    send: (event, data) => event === 'done' && json(response, 200, data),
    onGone: (listener) => void response.once('close', () => response.writableFinished || listener()),
    end: () => {},
  }
  speak(gateway, running, client)
}

/** Starts one that goes with the test. @returns its URL */
export const fakeGateway = async (t: TestContext, flaws: Flaws): Promise<string> => {
  const gateway = new FakeGateway(flaws)
  const server = createServer((request, response) => void gateway.handle(request, response))
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket, { url = '' }) => {
    const session = url.split('/')[3] ?? ''
    if (flaws.forgetsTurns) socket.once('close', () => gateway.turnsOf.delete(session))
    const interrupts = new Map<number, () => void>()
    const whenGone = new Set<() => void>()
    socket.once('close', () => {
      for (const listener of whenGone) listener()
    })
    socket.on('message', (data) => {
      const { type, turn, content } = JSON.parse(String(data))
      if (type === 'interrupt') return interrupts.get(turn)?.()
      const client: Client = {
        send: (event, fields) => socket.send(JSON.stringify({ type: event, turn, ...fields })),
        onGone: (listener) => void whenGone.add(listener),
        end: () => void interrupts.delete(turn),
      }
      interrupts.set(turn, speak(gateway, gateway.planTurn(session, turn, content), client))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const socket of sockets.clients) socket.terminate()
    server.close().closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
