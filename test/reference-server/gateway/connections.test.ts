import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { after, before, it } from 'node:test'
import { Problem } from '../../../reference-server/gateway/problems.ts'
import { refuseRaw } from '../../../reference-server/gateway/raw-refusal.ts'
import { eventually } from '../support/client.ts'
import { type Services, startGateway, startServices } from '../support/processes.ts'

let services: Services
before(async () => {
  services = await startServices({ MODEL_LATENCY_MS: '0' })
})
after(() => services?.stop())

const portOf = (url: string): number => Number(new URL(url).port)

/** A client that sends bytes and never closes its side, with the first line of what it is answered. */
const ask = async (port: number, bytes: string): Promise<{ socket: Socket; answer: string }> => {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => {})
  socket.write(bytes)
  const [first] = await once(socket, 'data')
  return { socket, answer: String(first).split('\r\n', 1)[0]! }
}

it('A connection that is refused is closed, also where its client keeps its own side open', async (t) => {
  const accepted: Socket[] = []
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted.push(socket)
    refuseRaw(socket, new Problem(401, 'no key'))
  })
  t.after(() => server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { socket, answer } = await ask((server.address() as { port: number }).port, 'hello')
  t.after(() => socket.destroy())
  assert.equal(answer, 'HTTP/1.1 401 Unauthorized')
  await eventually(
    async () => accepted[0]?.destroyed,
    (isDestroyed) => isDestroyed === true,
  )
})

const upgrade = ['Host: gateway', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']
const handshakeKey = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='

/** Upgrades that are refused, each at another place. */
const refused = {
  'no key': { lines: ['GET /v1/sessions/s/ws HTTP/1.1', ...upgrade, handshakeKey], status: 401 },
  'no such WebSocket': { lines: ['GET /v2 HTTP/1.1', ...upgrade, handshakeKey], status: 404 },
  'no handshake': { lines: ['GET /v1/sessions/s/ws?key=key-a HTTP/1.1', ...upgrade], status: 400 },
}

it('A gateway ends although clients whose upgrade was refused keep their side open', async (t) => {
  const gateway = await startGateway('optimized', services.env)
  t.after(() => gateway.stop())
  for (const [what, { lines, status }] of Object.entries(refused)) {
    const { socket, answer } = await ask(portOf(gateway.url), `${lines.join('\r\n')}\r\n\r\n`)
    t.after(() => socket.destroy())
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), what)
  }
  // Where it waits for one of them it has to be killed.
  assert.equal((await gateway.stop()).code, 0)
})

const table = '/proc/net/tcp'
const skip = existsSync(table) ? false : `there is no ${table}, where Linux tells the timers of connections`
/** The timer that runs for an idle connection whose peer is probed. */
const probing = '02'

const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0')

/** The timer of the connection between these ports, as its first end has it. */
const timerOf = (ownPort: number, peerPort: number): string | undefined => {
  const rows = readFileSync(table, 'utf8').split('\n')
  const columns = rows.map((row) => row.trim().split(/\s+/))
  return columns
    .find(([, own, peer]) => own?.endsWith(`:${hex(ownPort)}`) && peer?.endsWith(`:${hex(peerPort)}`))?.[5]
    ?.slice(0, 2)
}

it('The kernel looks whether the client of a silent connection is there yet', { skip }, async (t) => {
  const gateway = await startGateway('optimized', services.env)
  t.after(() => gateway.stop())
  const socket = connect(portOf(gateway.url), '127.0.0.1')
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  await eventually(
    async () => timerOf(portOf(gateway.url), socket.localPort!),
    (timer) => timer === probing,
  )
})
