import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type autocannon from 'autocannon'
import type { Request } from './scenario.ts'

/** What is found out of requests beside their answers. */
export interface Findings {
  /** One was not answered in time. */
  timedOut(): void
  /** One went with its connection. */
  lost(): void
  /** An answer without a body announces one. */
  endless(status: number): void
  /** An answer began and had no end in time: the next is taken for the rest of it. */
  torn(): void
}

interface Connection {
  /** Of all connections of the load, from 0. */
  number: number
  /** The one that is being opened; null before, and once one was opened. */
  opening: Socket | null
  wasOpened: boolean
  underWay: number
  /** Requests that were sent before it was open, and have no answer yet: their time has the connecting in it. */
  early: number
  /** An answer has begun. */
  isReading: boolean
  /** Given up in this very turn of the event loop: that it timed out is told right afterwards. */
  givenUp: number
}

/**
 * Looks after the requests of each connection. When a connection is closed by the server, autocannon opens it again and says
 * nothing, so what was under way is found by counting: a connection has so many requests under way at the most, and who sends
 * one more has given one up. After a timeout it does the same, but says so, once it has sent what comes next.
 */
export class Connections {
  private readonly byClient = new Map<autocannon.Client, Connection>()
  private readonly pipelining: number
  private readonly told: Findings

  constructor(pipelining: number, told: Findings) {
    this.pipelining = pipelining
    this.told = told
  }

  follow(client: autocannon.Client, number: number): void {
    const connection: Connection = {
      number,
      opening: null,
      wasOpened: false,
      underWay: 0,
      early: this.pipelining,
      isReading: false,
      givenUp: 0,
    }
    this.byClient.set(client, connection)
    client.on('request', () => {
      if (!connection.wasOpened) watchOpening(connection, client.conn)
      this.sent(connection)
    })
    client.on('timeout', () => this.timedOut(connection))
    client.on('headers', (head: autocannon.Head) => {
      connection.isReading = true
      if (isEndless(head)) this.told.endless(head.statusCode)
    })
  }

  private sent(connection: Connection): void {
    if (connection.underWay < this.pipelining) connection.underWay++
    else if (connection.givenUp++ === 0) queueMicrotask(() => this.settle(connection))
  }

  private timedOut(connection: Connection): void {
    connection.givenUp--
    this.told.timedOut()
    // The parser does not begin anew with the connection.
    if (connection.isReading) this.told.torn()
    connection.isReading = false
  }

  /** Of what no timeout was told: the server closed or refused the connection. */
  private settle(connection: Connection): void {
    for (; connection.givenUp > 0; connection.givenUp--) this.told.lost()
  }

  /** @returns whether its time is that of the request alone, without the connecting */
  answered(client: autocannon.Client): boolean {
    const connection = this.byClient.get(client)!
    connection.underWay--
    connection.isReading = false
    if (connection.early === 0) return true
    connection.early--
    return false
  }

  /** The numbers of those that were never open, whether or not anything was answered on the others. */
  neverOpened(): number[] {
    return [...this.byClient.values()].flatMap(({ wasOpened, number }) => (wasOpened ? [] : [number]))
  }
}

/** Autocannon sends before a connection is open, and says nothing when it is: its socket does. */
function watchOpening(connection: Connection, socket: Socket): void {
  if (connection.opening === socket) return
  connection.opening = socket
  socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => {
    connection.opening = null
    connection.wasOpened = true
  })
}

/** Autocannon's parser knows which answers have no body, and waits for one all the same where a header says how long it is. */
function isEndless({ statusCode, headers }: autocannon.Head): boolean {
  if (statusCode >= 200 && statusCode !== 204 && statusCode !== 304) return false
  for (let at = 0; at < headers.length; at += 2) {
    const [name, value] = [headers[at]!.toLowerCase(), headers[at + 1]!]
    if (name === 'transfer-encoding' ? /^chunked$/i.test(value) : name === 'content-length' && Number(value) !== 0)
      return true
  }
  return false
}

/**
 * As autocannon wants them. A body that is made anew is made for each connection by itself.
 *
 * @param onFault hears of a body that could not be made. Autocannon has no way to send nothing then: what it still sends until
 * it is stopped has no body
 */
export const toRequests = (requests: readonly Request[], onFault: (error: unknown) => void): autocannon.Request[] =>
  requests.map(({ body, ...rest }) => {
    if (typeof body !== 'function') return { ...rest, ...(body === undefined ? {} : { body }) }
    let nth = 0
    const next = (): string => {
      try {
        return body(nth++)
      } catch (error) {
        onFault(error)
        return ''
      }
    }
    return { ...rest, setupRequest: (request) => ({ ...request, body: next() }) }
  })
