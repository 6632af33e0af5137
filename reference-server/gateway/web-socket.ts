import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RawData, type Server as ServerOf, WebSocket, WebSocketServer } from 'ws'
import { logFailure } from '../errors.ts'
import { type Caller, keyOfHeaders } from './auth.ts'
import { asProblem, type Gateway } from './gateway.ts'
import { busy, ClientGone, invalid, Problem, unauthorised } from './problems.ts'
import { refuseRaw } from './raw-refusal.ts'
import { isSessionId, isTurnNumber } from './schemas.ts'
import { openSession } from './sessions.ts'

const route = /^\/v1\/sessions\/([^/]+)\/ws$/
const goingAway = 1001
const shuttingDown = 'the gateway is shutting down'
/** How long clients have to answer the closing handshake of a shutdown. */
const closeTimeoutMs = 500

/** A connection with what belongs to it as fields, so that ten thousand idle ones need no closure and no timer each. */
class SessionSocket extends WebSocket {
  gateway!: Gateway
  session = ''
  caller!: Caller
  /** Turns in flight on this connection; absent while there never was one. */
  running: Set<AbortController> | undefined
}

type SessionServer = ServerOf<typeof SessionSocket>

interface Admitted {
  session: string
  caller: Caller
}

/** Serves `GET /v1/sessions/:id/ws` on an HTTP server; gives a function that closes all connections. */
export const serveWebSockets = (server: Server, gateway: Gateway): (() => Promise<void>) => {
  const sockets: SessionServer = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: gateway.config.maxBodyBytes,
    WebSocket: SessionSocket,
  })
  server.on('upgrade', (request, socket, head) => {
    void upgrade(gateway, sockets, request, socket, head)
  })
  return () => closeAll(sockets)
}

const upgrade = async (
  gateway: Gateway,
  sockets: SessionServer,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> => {
  // Until the WebSocket takes over, nobody else listens for the connection's errors.
  socket.on('error', ignore)
  try {
    const admitted = admitUpgrade(gateway, request)
    await openSession(gateway.parts, admitted.caller.app, admitted.session, {})
    // A shutdown that began meanwhile has closed the connections that it saw; it would wait for this one for ever.
    if (gateway.draining) throw busy(shuttingDown)
    socket.off('error', ignore)
    sockets.handleUpgrade(request, socket, head, (opened) => attach(opened, gateway, admitted))
  } catch (error) {
    if (!(error instanceof Problem)) logFailure('a WebSocket could not be opened', error)
    refuseRaw(socket, asProblem(error))
  }
}

const ignore = (): void => {}

/** @throws Problem 401, 404, 400 or 503 */
const admitUpgrade = ({ keys, draining }: Gateway, request: IncomingMessage): Admitted => {
  const [path = '', query = ''] = (request.url ?? '').split('?', 2)
  const session = route.exec(path)?.[1]
  if (session === undefined) throw new Problem(404, `there is no WebSocket at ${path}`)
  const caller = keys.find(keyOfHeaders(request.headers) ?? new URLSearchParams(query).get('key') ?? undefined)
  if (!caller) throw unauthorised()
  if (!isSessionId(session)) throw invalid('a session id has 1 to 128 characters out of A-Z a-z 0-9 . _ : -')
  if (draining) throw busy(shuttingDown)
  return { session, caller }
}

const attach = (socket: SessionSocket, gateway: Gateway, { session, caller }: Admitted): void => {
  socket.gateway = gateway
  socket.session = session
  socket.caller = caller
  gateway.metrics.webSockets += 1
  socket.on('message', onMessage)
  socket.on('close', onClose)
  socket.on('error', ignore)
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  void answerMessage(this as SessionSocket, isBinary ? undefined : data.toString())
}

function onClose(this: WebSocket): void {
  const { gateway, running } = this as SessionSocket
  gateway.metrics.webSockets -= 1
  for (const cancel of running ?? []) cancel.abort(new ClientGone())
}

interface TurnMessage {
  turn: number
  content: string
}

/** @throws Problem 400, saying what a message must be */
const readMessage = (text: string | undefined): TurnMessage => {
  const message = parse(text)
  if (message?.type !== 'turn') throw invalid('expected a text message {"type":"turn","turn":7,"content":"..."}')
  const { turn, content } = message
  if (!isTurnNumber(turn)) throw invalid('turn must be a whole number from 0')
  if (typeof content !== 'string' || content === '') throw invalid('content must be a text of at least one character')
  return { turn, content }
}

const parse = (text = ''): Record<string, unknown> | null => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Answers one message with tokens and `done`, or with `error`. */
const answerMessage = async (socket: SessionSocket, text: string | undefined): Promise<void> => {
  let turn: number | null = null
  try {
    const message = readMessage(text)
    turn = message.turn
    const { content, tokens } = await runSocketTurn(socket, message)
    socket.send(JSON.stringify({ type: 'done', turn, tokens, content }))
  } catch (error) {
    if (error instanceof ClientGone) return
    const { status, title, detail } = asProblem(error).details
    socket.send(JSON.stringify({ type: 'error', turn, status, title, detail }))
  }
}

const runSocketTurn = async (socket: SessionSocket, { turn, content }: TurnMessage) => {
  const { gateway, session, caller } = socket
  const cancel = new AbortController()
  const running = (socket.running ??= new Set())
  running.add(cancel)
  try {
    const onToken = (text: string, index: number): void =>
      socket.send(`{"type":"token","turn":${turn},"index":${index},"text":${JSON.stringify(text)}}`)
    return await gateway.turn({ session, turn, content, caller, onToken }, cancel)
  } finally {
    running.delete(cancel)
  }
}

const closeAll = async (sockets: SessionServer): Promise<void> => {
  if (sockets.clients.size === 0) return
  const closed = [...sockets.clients].map((socket) => new Promise((resolve) => socket.once('close', resolve)))
  for (const socket of sockets.clients) socket.close(goingAway, shuttingDown)
  const timer = setTimeout(() => {
    for (const socket of sockets.clients) socket.terminate()
  }, closeTimeoutMs)
  await Promise.all(closed)
  clearTimeout(timer)
}
