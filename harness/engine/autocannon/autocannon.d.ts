/** What this engine uses of autocannon, which has no types of its own. */
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events'
  import type { Socket } from 'node:net'

  namespace autocannon {
    interface Request {
      method?: string
      path?: string
      headers?: Record<string, string>
      body?: string
      /** Called before each time that it is sent, from the second on; gives what is sent. */
      setupRequest?(request: Request): Request
    }

    /** What an answer begins with: names and values of its headers in turn. */
    interface Head {
      statusCode: number
      headers: string[]
    }

    /**
     * One connection. Its events: `request` before one is sent, `headers` (head), `connError` (error), `timeout` once for each
     * request that was under way, when it was opened anew and the next ones were sent.
     */
    interface Client extends EventEmitter {
      /** Another one whenever it is opened anew; there from the first `request` on. */
      readonly conn: Socket
      setRequests(requests: Request[]): void
    }

    interface Options {
      url: string
      connections: number
      pipelining: number
      /** Seconds. */
      duration: number
      /** Seconds. */
      timeout: number
      /** Ms between two looks at whether it is to stop. */
      sampleInt: number
      skipAggregateResult: boolean
      requests?: Request[]
      setupClient(client: Client): void
    }

    /**
     * A load that runs: a promise of its end, or of what was thrown when it began. Event: `response` (client, status or undefined,
     * bytes, ms).
     */
    interface Instance extends EventEmitter, PromiseLike<unknown> {
      stop(): void
    }
  }

  function autocannon(options: autocannon.Options): autocannon.Instance
  export = autocannon
}
