import type { Deadlines } from './deadlines.ts'
import type { Endpoint } from './endpoint.ts'
import type { Exchange, ExchangeOwner } from './exchange.ts'
import { type ConnectOptions, HttpConnection } from './http-connection.ts'

export interface PoolOptions {
  rejectUnauthorized: boolean
  /** A new connection for every request. */
  noConnectionReuse: boolean
}

/** The connections of one user: like k6, every user keeps its own alive, and shares none. */
export class HttpPool implements ExchangeOwner, ConnectOptions {
  readonly rejectUnauthorized: boolean
  private readonly noConnectionReuse: boolean
  private readonly deadlines: Deadlines
  private readonly now: () => number
  /** Most users talk to one server over one connection: that one is kept outside of the map. */
  private idle: HttpConnection | null = null
  private moreIdle: HttpConnection[] = []
  private readonly busy = new Map<Exchange, HttpConnection>()
  private inFlight: Exchange | null = null
  private inFlightOn: HttpConnection | null = null

  constructor(options: PoolOptions, deadlines: Deadlines, now: () => number) {
    this.rejectUnauthorized = options.rejectUnauthorized
    this.noConnectionReuse = options.noConnectionReuse
    this.deadlines = deadlines
    this.now = now
  }

  send(exchange: Exchange, timeoutMs: number): void {
    this.deadlines.add(exchange, timeoutMs, exchange.askedMs)
    this.dispatch(exchange)
  }

  private dispatch(exchange: Exchange): void {
    const free = this.takeIdle(exchange.endpoint)
    if (free) {
      this.remember(exchange, free)
      free.send(exchange)
    } else this.connect(exchange)
  }

  private connect(exchange: Exchange): void {
    this.remember(exchange, new HttpConnection(exchange.endpoint, exchange, this, this.now))
  }

  private takeIdle(endpoint: Endpoint): HttpConnection | null {
    const first = this.idle
    if (first !== null && first.endpoint.origin === endpoint.origin) {
      this.idle = this.moreIdle.pop() ?? null
      return first
    }
    if (this.moreIdle.length === 0) return null
    const index = this.moreIdle.findLastIndex((connection) => connection.endpoint.origin === endpoint.origin)
    return index < 0 ? null : this.moreIdle.splice(index, 1)[0]!
  }

  private remember(exchange: Exchange, connection: HttpConnection): void {
    if (this.inFlight === null) {
      this.inFlight = exchange
      this.inFlightOn = connection
    } else {
      this.busy.set(exchange, connection)
    }
  }

  private forget(exchange: Exchange): HttpConnection | null {
    if (this.inFlight === exchange) {
      const connection = this.inFlightOn
      this.inFlight = null
      this.inFlightOn = null
      return connection
    }
    const connection = this.busy.get(exchange) ?? null
    this.busy.delete(exchange)
    return connection
  }

  onFree(connection: HttpConnection): void {
    if (this.noConnectionReuse) connection.destroy()
    else if (this.idle === null) this.idle = connection
    else this.moreIdle.push(connection)
  }

  onGone(connection: HttpConnection): void {
    if (this.idle === connection) this.idle = this.moreIdle.pop() ?? null
    else if (this.moreIdle.length > 0) this.moreIdle = this.moreIdle.filter((other) => other !== connection)
  }

  onExchangeEnd(exchange: Exchange): void {
    this.deadlines.remove(exchange)
    this.forget(exchange)
  }

  /** On a new connection: other idle ones may be just as stale. */
  sendAgain(exchange: Exchange): void {
    this.forget(exchange)
    this.connect(exchange)
  }

  onExpired(exchange: Exchange): void {
    this.forget(exchange)?.destroy()
  }

  /** Drops everything at once; exchanges in flight never end. */
  destroy(): void {
    if (this.inFlight) this.deadlines.remove(this.inFlight)
    for (const exchange of this.busy.keys()) this.deadlines.remove(exchange)
    const connections = [this.idle, ...this.moreIdle, this.inFlightOn, ...this.busy.values()]
    this.idle = null
    this.moreIdle = []
    this.inFlight = null
    this.inFlightOn = null
    this.busy.clear()
    for (const connection of connections) connection?.destroy()
  }
}
