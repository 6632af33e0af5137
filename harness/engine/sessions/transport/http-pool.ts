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
  /** Most users have one connection: it is kept outside of the list. */
  private first: HttpConnection | null = null
  private others: HttpConnection[] = none
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
    exchange.timeoutMs = timeoutMs
    const free = this.idleTo(exchange.endpoint)
    if (free !== null) free.send(exchange)
    else this.connect(exchange)
  }

  /** Ends an exchange, with its connection: its listener hears nothing more. */
  abandon(exchange: Exchange): void {
    const connection = this.carrierOf(exchange)
    if (connection) this.drop(connection)
  }

  /** Who hears the exchange does not keep up: what comes of it stays with the system, and then with the server. */
  pause(exchange: Exchange): void {
    this.carrierOf(exchange)?.pause(exchange)
  }

  resume(exchange: Exchange): void {
    this.carrierOf(exchange)?.resume(exchange)
  }

  private carrierOf(exchange: Exchange): HttpConnection | undefined {
    return this.all.find((one) => one.carries(exchange))
  }

  private connect(exchange: Exchange): void {
    const connection = new HttpConnection(exchange, this, this.deadlines, this.now)
    if (this.first === null) this.first = connection
    else this.others = [...this.others, connection]
  }

  private idleTo({ origin }: Endpoint): HttpConnection | null {
    const { first } = this
    if (first?.isIdle && first.endpoint.origin === origin) return first
    return this.others.findLast(({ isIdle, endpoint }) => isIdle && endpoint.origin === origin) ?? null
  }

  onFree(connection: HttpConnection): void {
    if (this.rules.noConnectionReuse) this.drop(connection)
    else if (this.others.length > 0) this.limitIdle(connection)
  }

  /** Go's limits: too many to one server, and this one goes; too many in all, and an older one goes. */
  private limitIdle(connection: HttpConnection): void {
    const { maxIdlePerHost, maxIdle } = this.rules
    const idle = this.all.filter(({ isIdle }) => isIdle)
    const toSame = idle.filter(({ endpoint }) => endpoint.origin === connection.endpoint.origin)
    if (toSame.length > maxIdlePerHost) this.drop(connection)
    else if (idle.length > maxIdle) this.drop(idle[0]!)
  }

  private get all(): HttpConnection[] {
    return this.first === null ? this.others : [this.first, ...this.others]
  }

  private drop(connection: HttpConnection): void {
    this.onGone(connection)
    connection.destroy()
  }

  /** The iteration is over. */
  onIterationEnd(): void {
    if (this.rules.noVUConnectionReuse) this.closeIdle()
  }

  private closeIdle(): void {
    for (const connection of this.all) if (connection.isIdle) this.drop(connection)
  }

  tlsSessionOf(origin: string): Buffer | undefined {
    return this.tlsSessions?.get(origin)
  }

  keepTlsSession(origin: string, session: Buffer): void {
    this.tlsSessions ??= new Map()
    this.tlsSessions.set(origin, session)
  }

  onGone(connection: HttpConnection): void {
    if (this.first === connection) this.first = null
    else if (this.others.length > 0) this.others = this.others.filter((other) => other !== connection)
  }

  /** On a new connection: other idle ones may be just as stale. */
  sendAgain(exchange: Exchange): void {
    this.connect(exchange)
  }

  /** Drops everything at once; exchanges in flight never end. */
  destroy(): void {
    for (const connection of this.all) this.drop(connection)
  }
}

/** Shared by all pools until there is something to put in one of their own. */
const none: never[] = []
