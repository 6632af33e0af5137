import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { EventStream } from '../../../reference-server/gateway/event-stream.ts'
import { eventDrivenStreams } from '../../../reference-server/stream-consumer/event-driven.ts'
import { polledStreams } from '../../../reference-server/stream-consumer/polling.ts'

/** An answer to a client that reads nothing of it, and what makes the client go away. */
const unreadAnswer = async (t: TestContext): Promise<{ response: ServerResponse; leave: () => void }> => {
  const server = createServer().listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause()
  client.write('GET / HTTP/1.1\r\nHost: gateway\r\n\r\n')
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse]
  return { response, leave: () => client.destroy() }
}

/** More than connection and kernel take of an answer that nobody reads. */
const wide = 'x'.repeat(20_000_000)

for (const [kind, consumer] of Object.entries({ eventDriven: eventDrivenStreams(), polled: polledStreams() }))
  describe(`A stream of server-sent events, ${kind},`, () => {
    it('ends when its client goes away while the last tokens wait for it, and is not counted any more', async (t) => {
      const { response, leave } = await unreadAnswer(t)
      const events = new EventStream(response, () => ({}))
      events.write([wide], 0)
      const stream = consumer.open(events)
      stream.push('one')
      await new Promise(setImmediate)
      stream.push('two')
      const ended = stream.end()
      leave()
      await ended
      assert.equal(consumer.openStreams, 0)
    })
  })
