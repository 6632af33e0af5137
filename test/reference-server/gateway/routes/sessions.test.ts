import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { busy } from '../../../../reference-server/gateway/problems.ts'
import { openApp, type TestApp } from '../../support/app.ts'

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'

interface Asked {
  body?: object
  key?: string
}

const ask = async (app: FastifyInstance, method: Method, path: string, { body, key = 'key-a' }: Asked = {}) => {
  const payload = body === undefined ? {} : { payload: body }
  const response = await app.inject({ method, url: `/v1/sessions${path}`, headers: { 'x-api-key': key }, ...payload })
  return { status: response.statusCode, headers: response.headers, body: response.body }
}

/** The turns of session `s` that were interrupted, of one that runs. */
const watchTurn = ({ parts }: TestApp): number[] => {
  const interrupted: number[] = []
  parts.interrupts.watch({ session: 'app-a/s', turn: 1, interrupt: () => interrupted.push(1) })
  return interrupted
}

describe('An interrupt over HTTP', () => {
  it('reaches what runs also where the session is with a worker that waits for the database', async () => {
    const get = () => Promise.reject(busy('the database cannot be reached'))
    const opened = openApp({ state: { get } })
    const interrupted = watchTurn(opened)
    const { status, body } = await ask(opened.app, 'POST', '/s/interrupt', { body: {} })
    assert.deepEqual([status, body, interrupted], [202, '{"interrupted":1}', [1]])
  })

  it('finds no session of another app, and reaches none of its turns', async () => {
    const opened = openApp()
    await ask(opened.app, 'PUT', '/s')
    const interrupted = watchTurn(opened)
    const { status } = await ask(opened.app, 'POST', '/s/interrupt', { body: {}, key: 'key-b' })
    assert.deepEqual([status, interrupted], [404, []])
  })

  it('of a session in which nothing runs concerns nothing', async () => {
    const { app } = openApp()
    await ask(app, 'PUT', '/s')
    const { status, body } = await ask(app, 'POST', '/s/interrupt', { body: { turn: 7 } })
    assert.deepEqual([status, body], [202, '{"interrupted":0}'])
  })
})

describe('While the database is far behind', () => {
  /** One that is so once `s` has been opened. */
  const farBehind = async (): Promise<TestApp> => {
    const opened = openApp()
    assert.equal((await ask(opened.app, 'PUT', '/s')).status, 201)
    Object.assign(opened.parts.store, { overloaded: true, pendingWrites: 75_000 })
    opened.written.length = 0
    return opened
  }

  for (const [what, method, path, body] of [
    ['a new session', 'PUT', '/new', undefined],
    ['the session of a device', 'POST', '', { device: 'phone' }],
    ['the end of a session', 'DELETE', '/s', undefined],
  ] as const)
    it(`${what} is refused as a turn is, and nothing of it is begun`, async () => {
      const opened = await farBehind()
      const interrupted = watchTurn(opened)
      const refused = await ask(opened.app, method, path, body && { body })
      assert.deepEqual([refused.status, refused.headers['retry-after']], [503, '1'])
      assert.match(refused.body, /75000 changes wait for the database; try again later/)
      assert.deepEqual([opened.written, interrupted, opened.parts.state.size], [[], [], 1])
    })

  it('a session that there is already is given, and shown', async () => {
    const { app } = await farBehind()
    assert.deepEqual([(await ask(app, 'PUT', '/s')).status, (await ask(app, 'GET', '/s')).status], [200, 200])
  })
})

it('An imported conversation is shown to the model as role and content, whatever else its messages say', async () => {
  const { app, parts } = openApp()
  const messages = [
    { role: 'user', content: 'question', name: 'root' },
    { role: 'assistant', content: 'answer', tool_calls: [{ id: 'c', type: 'function' }] },
  ]
  assert.equal((await ask(app, 'PUT', '/s', { body: { messages } })).status, 201)
  assert.deepEqual((await parts.state.get('app-a/s'))?.recent, [
    { role: 'user', content: 'question' },
    { role: 'assistant', content: 'answer' },
  ])
})
