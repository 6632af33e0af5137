import type autocannon from 'autocannon'
import type { Request } from './scenario.ts'

/**
 * Looks after the requests of each connection. When a connection is closed by the server, autocannon opens it again and says
 * nothing, so what was under way is found by counting: a connection has so many requests under way at the most, and who sends
 * one more has given one up.
 */
export class Connections {
  private readonly underWay = new Map<autocannon.Client, number>()
  private readonly pipelining: number
  private readonly onGivenUp: () => void

  constructor(pipelining: number, onGivenUp: () => void) {
    this.pipelining = pipelining
    this.onGivenUp = onGivenUp
  }

  follow(client: autocannon.Client): void {
    this.underWay.set(client, 0)
    client.on('request', () => this.sent(client))
  }

  private sent(client: autocannon.Client): void {
    const before = this.underWay.get(client)!
    if (before < this.pipelining) this.underWay.set(client, before + 1)
    else this.onGivenUp()
  }

  answered(client: autocannon.Client): void {
    this.underWay.set(client, this.underWay.get(client)! - 1)
  }
}

/** As autocannon wants them. A body that is made anew is made for each connection by itself. */
export const toRequests = (requests: readonly Request[]): autocannon.Request[] =>
  requests.map(({ body, ...rest }) => {
    if (typeof body !== 'function') return { ...rest, ...(body === undefined ? {} : { body }) }
    let nth = 0
    return { ...rest, setupRequest: (request) => ({ ...request, body: body(nth++) }) }
  })
