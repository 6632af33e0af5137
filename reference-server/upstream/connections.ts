import { Client, Pool } from 'undici'

/** Shorter than the stubs', so that it is never the server that closes a connection that is just being used. */
const keepAliveMs = 300_000

/**
 * Connections to one server that are kept alive; over TLS, new ones resume the session of the last.
 * @param connections at most; without it as many as there are exchanges at once
 */
export const keptAlive = (url: URL, authority: string, connections?: number): Pool =>
  new Pool(url.origin, {
    ...(connections === undefined ? {} : { connections }),
    pipelining: 1,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    connect: { ca: authority },
  })

/** Connections to one server that are closed after one exchange each, at most so many at once. */
export const closedAfterUse = (url: URL, authority: string, connections: number): Pool =>
  // Without pipelining, not even of one request, undici asks for the connection to be closed.
  new Pool(url.origin, { connections, pipelining: 0, connect: { ca: authority } })

/** A new client, and with it a new TCP connection and a full TLS handshake, for each call; closed after it. */
export abstract class ClientPerCall {
  readonly #url: URL
  readonly #authority: string
  readonly #clients = new Set<Client>()
  #connectionsMade = 0

  constructor(url: URL, authority: string) {
    this.#url = url
    this.#authority = authority
  }

  get callsInFlight(): number {
    return this.#clients.size
  }

  get connectionsMade(): number {
    return this.#connectionsMade
  }

  async close(): Promise<void> {
    await Promise.all([...this.#clients].map((client) => client.destroy()))
  }

  protected async withClient<T>(call: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client(this.#url.origin, { pipelining: 1, connect: { ca: this.#authority } })
    client.on('connect', () => {
      this.#connectionsMade += 1
    })
    this.#clients.add(client)
    try {
      return await call(client)
    } finally {
      this.#clients.delete(client)
      void client.destroy()
    }
  }
}

/** The path of a base URL such as `https://host:8443/base/`, without a slash at its end. */
export const basePathOf = (url: URL): string => url.pathname.replace(/\/$/, '')
