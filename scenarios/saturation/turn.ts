/**
 * JSON turns as fast as so many connections can take them, for the engine autocannon: each connection has a session of its own
 * and takes its turns one after the other. `closed-turns.ts` does the same on the engine of k6 scripts.
 *
 *   SECONDS of it
 */
const apiKeys = ['key-a', 'key-b']

/** Every second session belongs to the second customer. */
const keyOf = (session: number): string => apiKeys[session % apiKeys.length] as string

const sessionPath = (session: number): string => `/v1/sessions/saturation-${session}`

export default (env: Record<string, string>) => ({
  connections: 100,
  duration: `${env.SECONDS || 3}s`,
  setUp: (session: number) => [{ method: 'PUT', path: sessionPath(session), headers: { 'x-api-key': keyOf(session) } }],
  requests: (session: number) => [
    {
      method: 'POST',
      path: `${sessionPath(session)}/turns`,
      headers: { 'content-type': 'application/json', 'x-api-key': keyOf(session) },
      body: (turn: number) => JSON.stringify({ turn, content: `What is the answer to question ${turn}?` }),
    },
  ],
})
