import type autocannon from 'autocannon'
import type { Request } from './scenario.ts'

/** What became of requests that have no answer, and will not have one. */
export interface GivenUp {
  /** It was not answered in time. */
  timedOut(): void
  /** It went with its connection. */
  lost(): void
}

interface Connection {
  underWay: number
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
  private readonly told: GivenUp

  constructor(pipelining: number, told: GivenUp) {
    this.pipelining = pipelining
    this.told = told
  }

  follow(client: autocannon.Client): void {
    const connection: Connection = { underWay: 0, givenUp: 0 }
    this.byClient.set(client, connection)
    client.on('request', () => this.sent(connection))
    client.on('timeout', () => this.timedOut(connection))
  }

  private sent(connection: Connection): void {
    if (connection.underWay < this.pipelining) connection.underWay++
    else if (connection.givenUp++ === 0) queueMicrotask(() => this.settle(connection))
  }

  private timedOut(connection: Connection): void {
    connection.givenUp--
    this.told.timedOut()
  }

  /** Of what no timeout was told: the server closed or refused the connection. */
  private settle(connection: Connection): void {
    for (; connection.givenUp > 0; connection.givenUp--) this.told.lost()
  }

  answered(client: autocannon.Client): void {
    this.byClient.get(client)!.underWay--
  }
}

/** As autocannon wants them. A body that is made anew is made for each connection by itself. */
export const toRequests = (requests: readonly Request[]): autocannon.Request[] =>
  requests.map(({ body, ...rest }) => {
    if (typeof body !== 'function') return { ...rest, ...(body === undefined ? {} : { body }) }
    let nth = 0
    return { ...rest, setupRequest: (request) => ({ ...request, body: body(nth++) }) }
  })
