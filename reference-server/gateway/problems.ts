import { STATUS_CODES } from 'node:http'

/** Problem details as RFC 9457 has them. */
export interface ProblemDetails {
  type: string
  title: string
  status: number
  detail: string
}

/** A failure that the client is told of, with the HTTP status that says whose fault it is. */
export class Problem extends Error {
  override name = 'Problem'
  readonly status: number
  /** Seconds after which trying again makes sense; sent as Retry-After. */
  readonly retryAfterS: number | undefined

  constructor(status: number, detail: string, options: { cause?: unknown; retryAfterS?: number } = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.status = status
    this.retryAfterS = options.retryAfterS
  }

  /** The title is the status's own name. */
  get details(): ProblemDetails {
    const title = STATUS_CODES[this.status] ?? 'Error'
    return { type: 'about:blank', title, status: this.status, detail: this.message }
  }
}

export const problemMediaType = 'application/problem+json'

/** Nobody is left to be told: the reason with which a turn is given up when its client goes. */
export class ClientGone extends Error {
  override name = 'ClientGone'

  constructor() {
    super('the client left before its turn was delivered')
  }
}

export const unauthorised = (): Problem => new Problem(401, 'send a known API key in x-api-key or as a Bearer token')

export const unknownSession = (id: string): Problem =>
  new Problem(404, `session ${id} does not exist; create it with PUT /v1/sessions/${id}`)

export const closedApp = (app: string): Problem => new Problem(403, `${app} is closed: it may use the gateway no more`)

export const invalid = (detail: string): Problem => new Problem(400, detail)

export const busy = (detail: string): Problem => new Problem(503, detail, { retryAfterS: 1 })

export const shuttingDown = (): Problem => busy('the gateway is shutting down')

export const upstreamFailed = (detail: string, cause?: unknown): Problem => new Problem(502, detail, { cause })

export const deadlinePassed = (detail: string): Problem => new Problem(504, detail)

export const interrupted = (session: string, turn: number): Problem =>
  new Problem(409, `turn ${turn} of session ${session} was interrupted`)

export const tooMany = (app: string, retryAfterS: number): Problem =>
  new Problem(429, `${app} has had all its turns for now; try again in ${retryAfterS} s`, { retryAfterS })

export const forbiddenOrigin = (origin: string): Problem => new Problem(403, `origin ${origin} is not allowed here`)

export const tooManyAtOnce = (most: number): Problem =>
  new Problem(429, `this connection has ${most} turns in flight, as many as it may; send the next when one has ended`)
