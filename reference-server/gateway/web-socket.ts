import type { EventEmitter } from 'node:events'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RawData, type Server as ServerOf, WebSocket, WebSocketServer } from 'ws'
import { logFailure } from '../errors.ts'
import { sessionKey } from '../state/port.ts'
import { type Caller, keyOfHeaders } from './auth.ts'
import { asProblem, type Gateway } from './gateway.ts'
import { type ClientMessage, readMessage, type TurnMessage } from './messages.ts'
import { isAllowedOrigin } from './origins.ts'
import { ClientGone, closedApp, forbiddenOrigin, invalid, Problem, tooManyAtOnce, unauthorised } from './problems.ts'
import { refuseRaw } from './raw-refusal.ts'
import { isSessionId } from './schemas.ts'
import { openSession } from './sessions.ts'
import { SocketSink } from './socket-sink.ts'
import { SocketWriter } from './socket-writer.ts'
import { Turn } from './turn.ts'

const route = /^\/v1\/sessions\/([^/]+)\/ws$/
const goingAway = 1001
/** How long clients have to answer the closing handshake of a shutdown. */
const closeTimeoutMs = 500
/** Turns in flight on one connection, each of which may hold what its client has not taken yet. */
const mostTurnsAtOnce = 32

/** A connection with what belongs to it as fields, so that ten thousand idle ones need no closure and no timer each. */
class SessionSocket extends WebSocket {
  gateway!: Gateway
  session = ''
  caller!: Caller
  /** Turns in flight on this connection; absent while there never was one. */
  running: Set<Turn> | undefined
  #writer: SocketWriter | undefined

  /** Made when something is said here for the first time. */
  get writer(): SocketWriter {
    return (this.#writer ??= new SocketWriter(this))
  }
}

type SessionServer = ServerOf<typeof SessionSocket>

/** What serves the WebSockets of one HTTP server. */
interface Door {
  gateway: Gateway
  sockets: SessionServer
  /** Connections that asked for a WebSocket and are none: HTTP has let go of them, and waits for them when it closes. */
  upgrading: Set<Duplex>
}

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
  const door: Door = { gateway, sockets, upgrading: new Set() }
  // The library would refuse in HTML.
  sockets.on('wsClientError', (error, socket) => refuseRaw(socket, invalid(`this is no handshake: ${error.message}`)))
  server.on('upgrade', (request, socket, head) => {
    void upgrade(door, request, socket, head)
  })
  return () => closeAll(door)
}

const upgrade = async (
  { gateway, sockets, upgrading }: Door,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> => {
  const leave = (): void => void upgrading.delete(socket)
  upgrading.add(socket)
  socket.once('close', leave)
  // Until the WebSocket takes over, nobody else listens for the connection's errors.
  socket.on('error', ignore)
  try {
    const admitted = admitUpgrade(gateway, request)
    await requireOpenApp(gateway, admitted.caller.app)
    await openSession(gateway.parts, admitted.caller.app, admitted.session, {})
    // A shutdown that began meanwhile has closed the connections that it saw; it would wait for this one for ever.
    if (gateway.draining) throw gateway.refusal()
    socket.off('error', ignore)
    sockets.handleUpgrade(request, socket, head, (opened) => {
      leave()
      socket.off('close', leave)
      attach(opened, gateway, admitted)
    })
  } catch (error) {
    if (!(error instanceof Problem)) logFailure('a WebSocket could not be opened', error)
    refuseRaw(socket, asProblem(error))
  }
}

const ignore = (): void => {}

/** @throws Problem 403 */
const requireOpenApp = async ({ apps }: Gateway, app: string): Promise<void> => {
  if (!(await apps.isOpen(app))) throw closedApp(app)
}

/** @throws Problem 403, 404, 401, 400 or 503 */
const admitUpgrade = (gateway: Gateway, request: IncomingMessage): Admitted => {
  const { origin } = request.headers
  if (origin !== undefined && !isAllowedOrigin(gateway.config, origin)) throw forbiddenOrigin(origin)
  const [path = '', query = ''] = (request.url ?? '').split('?', 2)
  const session = route.exec(path)?.[1]
  if (session === undefined) throw new Problem(404, `there is no WebSocket at ${path}`)
  const caller = gateway.keys.find(keyOfHeaders(request.headers) ?? new URLSearchParams(query).get('key') ?? undefined)
  if (!caller) throw unauthorised()
  if (!isSessionId(session)) throw invalid('a session id has 1 to 128 characters out of A-Z a-z 0-9 . _ : -')
  if (gateway.draining) throw gateway.refusal()
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
  for (const { cancel } of running ?? []) cancel.abort(new ClientGone())
}

/** Answers one message; whatever is wrong with it, or with what it asked for, is told and ends nothing else. */
const answerMessage = async (socket: SessionSocket, text: string | undefined): Promise<void> => {
  let message: ClientMessage | undefined
  try {
    message = readMessage(text)
    await handle(socket, message)
  } catch (error) {
    if (error instanceof ClientGone) return
    // What a turn fails with is logged where it is run.
    if (message?.type !== 'turn' && !(error instanceof Problem))
      logFailure('a WebSocket message was not answered', error)
    const { status, title, detail } = asProblem(error).details
    const turn = message && 'turn' in message ? message.turn : null
    const deadline = leaveDeadline(socket)
    socket.writer.send(JSON.stringify({ type: 'error', turn, status, title, detail }), () => clearTimeout(deadline))
  }
}

/**
 * What is left to say when something is over has as long to leave as a turn has: a client that takes nothing would keep it,
 * and its connection, here for ever.
 */
const leaveDeadline = (socket: SessionSocket): NodeJS.Timeout =>
  setTimeout(() => socket.terminate(), socket.gateway.config.turnTimeoutMs)

const handle = async (socket: SessionSocket, message: ClientMessage): Promise<void> => {
  const { gateway, session, caller } = socket
  await requireOpenApp(gateway, caller.app)
  if (message.type === 'turn') return runSocketTurn(socket, message)
  if (message.type === 'interrupt') return void (await gateway.interrupt(caller.app, session, message.turn))
  const { id, content } = message
  const isTaken = await gateway.parts.toolResults.deliver({ callId: sessionKey(caller.app, id), content })
  if (!isTaken) throw new Problem(404, `no turn waits for the result of call ${id}`)
}

/**
 * Answers a turn with tokens, perhaps calls of tools, and `done`.
 * @throws Problem, among others 429 where the connection has too many turns, or ClientGone
 */
const runSocketTurn = async (socket: SessionSocket, { turn: number, content }: TurnMessage): Promise<void> => {
  const { gateway, session, caller } = socket
  // The client left while its app was asked about: what ends with a connection has ended already.
  if (socket.readyState !== WebSocket.OPEN) throw new ClientGone()
  const running = (socket.running ??= new Set())
  if (running.size >= mostTurnsAtOnce) throw tooManyAtOnce(mostTurnsAtOnce)
  const sink = new SocketSink(socket.writer, number)
  const tokens = gateway.parts.streamConsumer.open(sink)
  const listener = {
    onToken: (text: string) => tokens.push(text),
    whenReady: (resume: () => void) => tokens.whenReady(resume),
    onToolCall: sink.toolCall.bind(sink),
  }
  const turn = new Turn({ session, turn: number, content, caller, listener, reopens: true })
  // Also when all has been said and only waits to be written: nobody will take it any more.
  turn.signal.addEventListener('abort', () => tokens.drop())
  running.add(turn)
  let deadline: NodeJS.Timeout | undefined
  try {
    const answer = await gateway.run(turn)
    deadline = leaveDeadline(socket)
    await tokens.end()
    sink.done(answer, turn.lifecycle.serverTiming(), () => {
      clearTimeout(deadline)
      gateway.closed(turn)
    })
  } catch (error) {
    clearTimeout(deadline)
    tokens.drop()
    gateway.closed(turn)
    throw error
  } finally {
    running.delete(turn)
  }
}

const closeAll = async ({ gateway, sockets, upgrading }: Door): Promise<void> => {
  const open: EventEmitter[] = [...sockets.clients, ...upgrading]
  if (open.length === 0) return
  const closed = open.map((each) => new Promise((resolve) => each.once('close', resolve)))
  for (const socket of sockets.clients) socket.close(goingAway, gateway.refusal().message)
  const timer = setTimeout(() => {
    for (const socket of sockets.clients) socket.terminate()
    for (const socket of upgrading) socket.destroy()
  }, closeTimeoutMs)
  await Promise.all(closed)
  clearTimeout(timer)
}
