import type { Deadlines } from './deadlines.ts'
import type { Dialer } from './dialer.ts'
import type { Endpoint } from './endpoint.ts'
import type { Exchange, ExchangeOwner } from './exchange.ts'
import { type ConnectionOwner, HttpConnection } from './http-connection.ts'

/** What the pools of all users have in common. */
export interface PoolRules {
  dialer: Dialer
  /** A new connection for every request. */
  noConnectionReuse: boolean
  /** Connections end with the iteration. */
  noVUConnectionReuse: boolean
  /** So many idle connections are kept to one server, and in all. k6 takes `batchPerHost` and `batch` for them. */
  maxIdlePerHost: number
  maxIdle: number
}

/** The connections of one user: like k6, every user keeps its own alive, and shares none. */
export class HttpPool implements ExchangeOwner, ConnectionOwner {
  readonly userId: number
  private readonly rules: PoolRules
  private readonly deadlines: Deadlines
  private readonly now: () => number
  /** Most users talk to one server over one connection: that one is kept outside of the map. */
  private idle: HttpConnection | null = null
  private moreIdle: HttpConnection[] = none
  private busy: Map<Exchange, HttpConnection> | null = null
  private inFlight: Exchange | null = null
  private inFlightOn: HttpConnection | null = null
  /** By origin. */
  private tlsSessions: Map<string, Buffer> | null = null

  constructor(rules: PoolRules, userId: number, deadlines: Deadlines, now: () => number) {
    this.rules = rules
    this.userId = userId
    this.deadlines = deadlines
    this.now = now
  }

  get dialer(): Dialer {
    return this.rules.dialer
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
      this.busy ??= new Map()
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
    const connection = this.busy?.get(exchange) ?? null
    this.busy?.delete(exchange)
    return connection
  }

  onFree(connection: HttpConnection): void {
    if (this.rules.noConnectionReuse) connection.destroy()
    else if (this.idle === null) this.idle = connection
    else this.keepBeside(this.idle, connection)
  }

  /** Go's limits: too many to one server, and this one goes; too many in all, and the one that was idle longest goes. */
  private keepBeside(idle: HttpConnection, connection: HttpConnection): void {
    const { origin } = connection.endpoint
    const toSame = [idle, ...this.moreIdle].filter((other) => other.endpoint.origin === origin)
    if (toSame.length >= this.rules.maxIdlePerHost) {
      connection.destroy()
      return
    }
    this.moreIdle = [...this.moreIdle, connection]
    if (this.moreIdle.length < this.rules.maxIdle) return
    this.idle = this.moreIdle.shift() ?? null
    idle.destroy()
  }

  /** The iteration is over. */
  onIterationEnd(): void {
    if (this.rules.noVUConnectionReuse) this.closeIdle()
  }

  private closeIdle(): void {
    const connections = [this.idle, ...this.moreIdle]
    this.idle = null
    this.moreIdle = none
    for (const connection of connections) connection?.destroy()
  }

  tlsSessionOf(origin: string): Buffer | undefined {
    return this.tlsSessions?.get(origin)
  }

  keepTlsSession(origin: string, session: Buffer): void {
    this.tlsSessions ??= new Map()
    this.tlsSessions.set(origin, session)
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
    for (const exchange of this.busy?.keys() ?? none) this.deadlines.remove(exchange)
    const connections = [this.inFlightOn, ...(this.busy?.values() ?? none)]
    this.inFlight = null
    this.inFlightOn = null
    this.busy = null
    this.closeIdle()
    for (const connection of connections) connection?.destroy()
  }
}

/** Shared by all pools until there is something to put in one of their own. */
const none: never[] = []
