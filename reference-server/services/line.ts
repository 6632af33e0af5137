/**
 * The line to a back end, which can be cut: forwards TCP connections to a port of this machine until it is told to break.
 *
 *   node reference-server/services/line.ts --port N --line-port M --to P
 *
 * Connections to M go on to P. On port N, `POST /break` cuts those that there are and refuses all that come, as a back
 * end that died would; `POST /mend` lets them through again; `GET /healthz` says which of the two it is.
 */
import { createServer } from 'node:http'
import { connect, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { portOption, readOptions } from '../command-line.ts'
import { runMain } from '../errors.ts'
import { sendError, sendJson } from './http.ts'
import { listen } from './listen.ts'

const host = '127.0.0.1'

/** Both ends of every connection that goes through. */
class Line {
  readonly server: Server
  readonly #sockets = new Set<Socket>()
  readonly #to: number
  #isBroken = false

  constructor(to: number) {
    this.#to = to
    this.server = createTcpServer({ noDelay: true }, (client) => this.#join(client))
  }

  get isBroken(): boolean {
    return this.#isBroken
  }

  #join(client: Socket): void {
    if (this.#isBroken) return void client.destroy()
    const backEnd = connect({ port: this.#to, host, noDelay: true })
    for (const [socket, other] of [[client, backEnd] as const, [backEnd, client] as const]) {
      this.#sockets.add(socket)
      // An error closes the socket; the other end must learn of that and nothing else.
      socket.on('error', () => {})
      socket.once('close', () => {
        this.#sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  }

  break(): void {
    this.#isBroken = true
    for (const socket of this.#sockets) socket.destroy()
  }

  mend(): void {
    this.#isBroken = false
  }
}

const main = async (): Promise<void> => {
  const options = readOptions(process.argv.slice(2), ['port', 'line-port', 'to'])
  const line = new Line(portOption('--to', options.to))
  const orders: Record<string, () => void> = {
    'POST /break': () => line.break(),
    'POST /mend': () => line.mend(),
    'GET /healthz': () => {},
  }
  const control = createServer(({ method, url }, response) => {
    const order = orders[`${method} ${url}`]
    if (!order) return sendError(response, 404, `there are: ${Object.keys(orders).join(', ')}`)
    order()
    sendJson(response, 200, { broken: line.isBroken })
  })
  const lineAt = await listen(line.server, host, portOption('--line-port', options['line-port']), '--line-port')
  const controlAt = await listen(control, host, portOption('--port', options.port), '--port')
  const stop = (): void => {
    line.break()
    for (const server of [line.server, control]) server.close()
    control.closeAllConnections()
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  process.stdout.write(`line listening on ${host}:${lineAt}, told what to do at http://${host}:${controlAt}\n`)
}

await runMain(main)
