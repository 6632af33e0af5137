import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { it } from 'node:test'
import { openApp } from '../support/app.ts'

it('What comes over an open connection while the gateway closes is refused with a problem, and keeps nothing open', async (t) => {
  const asked = Promise.withResolvers<void>()
  const answered = Promise.withResolvers<void>()
  const closing = Promise.withResolvers<void>()
  /** Is ready when the test says so: until then its request keeps the connection open. */
  const check = (): Promise<void> => {
    asked.resolve()
    return answered.promise
  }
  const ready = { check: async () => {} }
  const { app } = openApp({ store: { check }, bus: ready, upstream: ready, knowledge: ready })
  app.addHook('preClose', async () => closing.resolve())
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const socket = connect(Number(port), '127.0.0.1')
  t.after(() => socket.destroy())
  const received = text(socket)
  const get = (path: string): void => void socket.write(`GET ${path} HTTP/1.1\r\nhost: gateway\r\n\r\n`)
  get('/readyz')
  await asked.promise
  const closed = app.close()
  await closing.promise
  get('/healthz')
  // It has been refused by now, behind the answer to what was asked before.
  await new Promise((resolve) => app.server.once('request', resolve))
  answered.resolve()
  const [first, second, ...more] = (await received).split(/(?=HTTP\/1\.1 )/)
  assert.match(first!, /^HTTP\/1\.1 200 OK\r\n.*"ready"/s)
  assert.match(second!, /^HTTP\/1\.1 503 Service Unavailable\r\n/)
  for (const header of ['retry-after: 1', 'content-type: application/problem\\+json', 'connection: close'])
    assert.match(second!, new RegExp(`^${header}\r$`, 'im'))
  assert.match(second!, /"status":503,"detail":"the gateway is shutting down"/)
  assert.equal(more.length, 0)
  await closed
})
