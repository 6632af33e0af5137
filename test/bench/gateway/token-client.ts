import { Pool } from 'undici'
import type { Rig } from './rig.ts'

/** CLOCK_MONOTONIC in ms, which the stub's stamps are in too. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6

/** A streamed answer to ask for. */
export interface StreamRequest {
  session: string
  turn: number
  /** Words of the stub among it. */
  content: string
}

/** What came in one piece, at one moment. */
export interface Update {
  atMs: number
  /** When the stub emitted each of its tokens. */
  emittedMs: number[]
}

/** Somebody who asks for streamed answers whose tokens tell when they were emitted. */
export interface TokenClient {
  /** Opens a session, where there is something to open. */
  open(session: string): Promise<void>
  /** Resolves when the answer is over. @throws Error where it was not answered with 200 */
  stream(request: StreamRequest, onUpdate: (update: Update) => void): Promise<void>
  close(): Promise<void>
}

/** What is asked, and how its tokens look. */
interface Service {
  origin: string
  connections: number
  headers: Record<string, string>
  pathOf(request: StreamRequest): string
  bodyOf(request: StreamRequest): object
  /** Finds the stamps in a piece of the answer. */
  token: RegExp
}

/** Asks the gateway, as server-sent events. */
export const gatewayClient = ({ url }: Rig, connections: number): TokenClient =>
  clientOf({
    ...{ origin: url, connections, headers: { 'x-api-key': 'key-a', 'content-type': 'application/json' } },
    pathOf: ({ session }) => `/v1/sessions/${session}/turns`,
    bodyOf: ({ turn, content }) => ({ turn, content, stream: true }),
    token: /"text":"(\d+\.\d+) "/g,
  })

/** Asks the model stub, past the gateway: what is seen then is what stub and client add by themselves. */
export const modelClient = ({ servicesUrl }: Rig, connections: number): TokenClient => ({
  ...clientOf({
    ...{ origin: servicesUrl, connections, headers: modelHeaders },
    pathOf: (request) => modelRequest(request).path,
    bodyOf: (request) => modelRequest(request).body,
    token: /"content":"(\d+\.\d+) "/g,
  }),
  open: async () => {},
})

const modelHeaders = { authorization: 'Bearer key-a' }

/** A streamed answer as the model stub is asked for it. */
export const modelRequest = ({ session, turn, content }: StreamRequest) => ({
  path: '/v1/chat/completions',
  headers: modelHeaders,
  body: {
    ...{ model: 'stub-8', stream: true, messages: [{ role: 'user', content }] },
    metadata: { session, turn: `${turn}` },
  },
})

function clientOf({ origin, connections, headers, pathOf, bodyOf, token }: Service): TokenClient {
  const pool = new Pool(origin, { connections, headersTimeout: 0, bodyTimeout: 0 })
  return {
    async open(session) {
      const { body } = await pool.request({ method: 'PUT', path: `/v1/sessions/${session}`, headers })
      await body.dump()
    },
    async stream(request, onUpdate) {
      const asked = { method: 'POST', path: pathOf(request), headers, body: JSON.stringify(bodyOf(request)) } as const
      const { statusCode, body } = await pool.request(asked)
      if (statusCode !== 200) throw new Error(`${asked.path} was answered with ${statusCode}: ${await body.text()}`)
      body.on('data', (piece: Buffer) => {
        const atMs = monotonicMs()
        const emittedMs = Array.from(piece.toString('latin1').matchAll(token), ([, stamp]) => Number(stamp))
        if (emittedMs.length > 0) onUpdate({ atMs, emittedMs })
      })
      await new Promise((resolve, reject) => body.once('end', resolve).once('error', reject))
    },
    close: () => pool.destroy(),
  }
}
