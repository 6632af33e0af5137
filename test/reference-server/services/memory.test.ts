import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { it } from 'node:test'
import { Lateness } from '../../../reference-server/services/lateness.ts'
import { ModelStub } from '../../../reference-server/services/model.ts'
import { routes } from '../../../reference-server/services/routes.ts'

it('The memory stub is greeted, and remembers something for every other query', async (t) => {
  const lateness = new Lateness()
  const server = createServer(routes(new ModelStub(lateness), lateness, 1))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/memory`
  const post = async (path: string, content: unknown) => {
    const response = await fetch(`${url}/${path}`, { method: 'POST', body: JSON.stringify(content) })
    return { status: response.status, body: await response.json() }
  }
  assert.deepEqual(await post('greet', {}), { status: 200, body: { ready: true } })
  const odd = await post('recall', { agent: 'guide', query: 'abc' })
  assert.deepEqual(odd, { status: 200, body: { memories: ['guide was asked 3 characters before'] } })
  assert.deepEqual(await post('recall', { agent: 'guide', query: 'abcd' }), { status: 200, body: { memories: [] } })
  assert.equal((await post('recall', { agent: 'guide', query: 'stub:memory-down' })).status, 503)
  assert.equal((await post('recall', { query: 'abc' })).status, 400)
})
