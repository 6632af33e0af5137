import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { type Ask, answer, Client, rawServer } from './http-support.ts'

/** Answers the first request of each connection, and at the second one does what `rudely` says. */
async function leavingServer(t: TestContext, rudely: 'end' | 'resetAndDestroy') {
  const requests: string[] = []
  const server = await rawServer(t, (socket, request, number) => {
    requests.push(request)
    if (number === 0) socket.write(answer('x'))
    else socket[rudely]()
  })
  return { ...server, requests }
}

describe('a request on a kept connection that the server leaves', () => {
  for (const [ask, isRepeated] of [
    [{ method: 'GET' }, true],
    [{ method: 'HEAD' }, true],
    [{ method: 'OPTIONS' }, true],
    [{ method: 'TRACE' }, true],
    [{ method: 'GET', body: 'a body' }, true],
    [{ method: 'POST', body: 'b' }, false],
    [{ method: 'PUT', body: 'b' }, false],
    [{ method: 'PATCH', body: 'b' }, false],
    [{ method: 'DELETE' }, false],
    [{ method: 'POST', body: 'b', headers: 'Idempotency-Key: 1\r\n' }, true],
    [{ method: 'POST', body: 'b', headers: 'x-idempotency-key: 1\r\n' }, true],
    [{ method: 'POST', body: 'b', headers: 'My-Idempotency-Key: 1\r\n' }, false],
  ] as [Ask, boolean][]) {
    for (const [rudely, failure] of [
      ['end', { message: 'EOF', code: 1000 }],
      ['resetAndDestroy', { message: 'read: connection reset by peer', code: 1220 }],
    ] as const) {
      it(`is ${isRepeated ? '' : 'not '}sent once more: ${JSON.stringify(ask)} (${rudely})`, async (t) => {
        const server = await leavingServer(t, rudely)
        const client = new Client(t)
        await client.ask(server.url)
        const exchange = await client.ask(server.url, ask)
        assert.deepEqual([exchange.wasRetried, exchange.failure], [isRepeated, isRepeated ? null : failure])
        assert.equal(server.sockets.length, isRepeated ? 2 : 1)
        // The same bytes again, with their body.
        if (isRepeated) assert.equal(server.requests[1], server.requests[2])
      })
    }
  }

  it('is sent once more whatever it does, where nothing of it was written', async (t) => {
    const server = await leavingServer(t, 'end')
    const client = new Client(t)
    await client.ask(server.url)
    // The system knows of the reset, this process does not yet: the write fails.
    server.sockets[0]!.resetAndDestroy()
    const { failure, wasRetried } = await client.ask(server.url, { method: 'POST', body: 'b' })
    assert.deepEqual([failure, wasRetried, server.requests.length], [null, true, 2])
  })

  it('is not sent a third time', async (t) => {
    const server = await rawServer(t, (socket) => {
      if (server.sockets.length === 1 && socket.bytesWritten === 0) socket.write(answer('x'))
      else socket.end()
    })
    const client = new Client(t)
    await client.ask(server.url)
    const { failure, wasRetried } = await client.ask(server.url)
    assert.deepEqual([failure, wasRetried, server.sockets.length], [{ message: 'EOF', code: 1000 }, true, 2])
  })

  it('keeps to its time limit when it is sent once more', async (t) => {
    const server = await rawServer(t, (socket, _, number) => {
      if (server.sockets.length > 1) return
      if (number === 0) socket.write(answer('x'))
      else socket.end()
    })
    const client = new Client(t)
    await client.ask(server.url)
    const { failure, wasRetried } = await client.ask(server.url, { timeoutMs: 60 })
    assert.deepEqual([failure?.code, wasRetried], [1050, true])
  })
})
