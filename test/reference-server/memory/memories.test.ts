import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, before, beforeEach, describe, it, type TestContext } from 'node:test'
import { BackOff } from '../../../reference-server/memory/back-off.ts'
import { backgroundMemory } from '../../../reference-server/memory/background.ts'
import { blockingMemory } from '../../../reference-server/memory/blocking.ts'
import { eventually } from '../support/client.ts'

/** A memory service that answers when, and what, the test says. */
let asked: { request: IncomingMessage; response: ServerResponse }[] = []
let server: Server
let memoryUrl: URL

before(async () => {
  server = createServer((request, response) => void asked.push({ request, response }))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  memoryUrl = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/base`)
})
after(() => {
  server.close()
  server.closeAllConnections()
})
beforeEach(() => {
  asked = []
})

const unaborted = new AbortController().signal

/** Waits for the next request, checks where it goes, answers it, and gives what it contained. */
const answer = async (path: string, content: unknown, status = 200): Promise<unknown> => {
  await eventually(
    async () => asked.length,
    (count) => count > 0,
  )
  const { request, response } = asked.shift()!
  assert.equal(`${request.method} ${request.url}`, `POST /base${path}`)
  const body: unknown = JSON.parse(await text(request))
  response.writeHead(status).end(JSON.stringify(content))
  return body
}

const logOf = (t: TestContext) => {
  const log = t.mock.method(process.stderr, 'write', () => true)
  return () => log.mock.calls.map((call) => `${call.arguments[0]}`)
}

for (const [kind, make] of Object.entries({ background: backgroundMemory, blocking: blockingMemory })) {
  describe(`Memory, greeted in the ${kind} way,`, () => {
    const start = async (t: TestContext) => {
      const memory = make({ memoryUrl, authority: '' })
      t.after(() => memory.close())
      await memory.open()
      return memory
    }
    /** A memory whose service is ready. */
    const started = async (t: TestContext) => {
      const memory = await start(t)
      const first = memory.recall('guide', 'hello', unaborted)
      await answer('/memory/greet', { ready: true })
      if (kind === 'blocking') await answer('/memory/recall', { memories: [] })
      await first
      await eventually(
        async () => memory.ready,
        (ready) => ready,
      )
      return memory
    }

    it('gives what is remembered of an agent for a query', async (t) => {
      const memory = await started(t)
      const recalled = memory.recall('guide', 'hello', unaborted)
      const body = await answer('/memory/recall', { memories: ['likes tea', 7, null, 'is called Ada'] })
      assert.deepEqual(body, { agent: 'guide', query: 'hello' })
      assert.deepEqual(await recalled, ['likes tea', 'is called Ada'])
      assert.equal(memory.callsInFlight, 0)
    })

    it('is greeted again after a greeting failed, which is one line in the log; turns go on meanwhile', async (t) => {
      const lines = logOf(t)
      const memory = await start(t)
      const first = memory.recall('guide', 'hello', unaborted)
      await answer('/memory/greet', {}, 500)
      assert.deepEqual(await first, [])
      assert.equal(memory.ready, false)
      const asking = eventually(
        async () => memory.recall('guide', 'hello', unaborted),
        (memories) => memories.length > 0,
      )
      await answer('/memory/greet', {}, 500)
      await answer('/memory/greet', { ready: true })
      await answer('/memory/recall', { memories: ['likes tea'] })
      assert.deepEqual(await asking, ['likes tea'])
      assert.deepEqual(lines(), [
        'agents go without their memories: the memory service answered with status 500\n',
        'agents go without their memories: it works again\n',
      ])
    })

    it('gives nothing while the service fails, and leaves it alone for a while', async (t) => {
      const lines = logOf(t)
      const memory = await started(t)
      const failing = memory.recall('guide', 'hello', unaborted)
      await answer('/memory/recall', { documents: [] })
      assert.deepEqual(await failing, [])
      assert.deepEqual(await memory.recall('guide', 'hello', unaborted), [])
      assert.equal(asked.length, 0)
      assert.deepEqual(lines(), [
        'agents go without their memories: the memory service sent an answer that is no list of memories\n',
      ])
    })

    it('ends a call of a turn that is given up, which is no failure of the service', async (t) => {
      const lines = logOf(t)
      const memory = await started(t)
      const cancel = new AbortController()
      const given = memory.recall('guide', 'hello', cancel.signal)
      await eventually(
        async () => asked.length,
        (count) => count === 1,
      )
      const closed = once(asked[0]!.response, 'close')
      cancel.abort(new Error('client gone'))
      await assert.rejects(async () => given, /client gone/)
      await closed
      await assert.rejects(async () => memory.recall('guide', 'hello', cancel.signal), /client gone/)
      assert.deepEqual([lines(), memory.callsInFlight], [[], 0])
    })

    it('closes while the service is being greeted', async (t) => {
      const lines = logOf(t)
      const memory = make({ memoryUrl, authority: '' })
      await memory.open()
      const recalled = Promise.allSettled([memory.recall('guide', 'hello', unaborted)])
      await eventually(
        async () => asked.length,
        (count) => count === 1,
      )
      await memory.close()
      await recalled
      assert.deepEqual(lines(), [])
    })
  })
}

it('Memory that is greeted in the background makes no turn wait', async (t) => {
  const memory = backgroundMemory({ memoryUrl, authority: '' })
  t.after(() => memory.close())
  await memory.open()
  assert.deepEqual(memory.recall('guide', 'hello', unaborted), [])
  await answer('/memory/greet', { ready: true })
})

it('Memory that blocks is greeted for the first turns together, and a turn that is given up ends nothing for the rest', async (t) => {
  const memory = blockingMemory({ memoryUrl, authority: '' })
  t.after(() => memory.close())
  await memory.open()
  assert.equal(memory.callsInFlight, 0)
  const cancel = new AbortController()
  const [given, patient] = [cancel.signal, unaborted].map((signal) => memory.recall('guide', 'hello', signal))
  cancel.abort(new Error('client gone'))
  await assert.rejects(async () => given, /client gone/)
  await answer('/memory/greet', { ready: true })
  await answer('/memory/recall', { memories: ['likes tea'] })
  assert.deepEqual(await patient, ['likes tea'])
})

it('Backing off takes twice as long after each failure, up to ten seconds, and is over when something worked', () => {
  let nowMs = 0
  const backOff = new BackOff(
    () => nowMs,
    () => 0,
  )
  const waits = Array.from({ length: 9 }, () => {
    backOff.failed()
    backOff.failed()
    const waitMs = backOff.leftMs
    nowMs += waitMs
    return waitMs
  })
  assert.deepEqual(waits, [100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000])
  backOff.failed()
  backOff.worked()
  assert.equal(backOff.leftMs, 0)
  backOff.failed()
  assert.equal(backOff.leftMs, 100)
})

it('Up to a quarter of the time to back off is left out at random', () => {
  const backOff = new BackOff(
    () => 0,
    () => 1,
  )
  backOff.failed()
  assert.equal(backOff.leftMs, 75)
})
