import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { Dispatcher } from 'undici'
import { type ExchangeRequest, exchange } from '../../../reference-server/upstream/exchange.ts'
import { eventually } from '../support/client.ts'
import { startServer } from './support/server.ts'

const ask = (dispatcher: Dispatcher, given: Partial<ExchangeRequest> = {}): Promise<string> =>
  exchange(dispatcher, {
    ...{ service: 'the model', method: 'GET', path: '/', headers: {}, deadlineMs: 60_000 },
    ...{ signal: new AbortController().signal, ...given },
  })

const becomes = (look: () => number, wanted: number) =>
  eventually(
    async () => look(),
    (seen) => seen === wanted,
  )

/** Takes one piece and then no more until it is told to. */
class SlowReceiver {
  bytes = 0
  isWelcome = false
  resume: (() => void) | undefined

  onData({ length }: Buffer): boolean {
    this.bytes += length
    return this.isWelcome
  }

  whenReady(resume: () => void): void {
    this.resume = resume
  }
}

const chunk = Buffer.alloc(65_536, 'x')
const chunks = 800

/** Sends far more than connections hold, as fast as it is read. */
const sendMuch = (response: ServerResponse): void => {
  let sent = 0
  const fill = (): void => {
    while (sent < chunks) {
      sent += 1
      if (!response.write(chunk)) return void response.once('drain', fill)
    }
    response.end()
  }
  fill()
}

const pausedExchange = async (t: TestContext, given: Partial<ExchangeRequest> = {}) => {
  const { pool, counts } = await startServer(t, (_request, response) => sendMuch(response))
  const receiver = new SlowReceiver()
  const outcome = ask(pool, { ...given, body: receiver })
  outcome.catch(() => {})
  await eventually(
    async () => receiver.resume,
    (resume) => resume !== undefined,
  )
  return { receiver, outcome, counts }
}

describe('An exchange whose receiver has had enough', () => {
  it('is not read on until it is welcome again, and comes whole in the end', async (t) => {
    const { receiver, outcome, counts } = await pausedExchange(t)
    const before = receiver.bytes
    for (let turn = 0; turn < 50; turn++) await setImmediate()
    assert.equal(receiver.bytes, before)
    assert.equal(counts.inFlight, 1)
    receiver.resume?.()
    await eventually(
      async () => receiver.bytes,
      (bytes) => bytes > before,
    )
    assert.equal(receiver.bytes > before && receiver.bytes < chunks * chunk.length, true)
    receiver.isWelcome = true
    receiver.resume?.()
    assert.equal(await outcome, '')
    assert.equal(receiver.bytes, chunks * chunk.length)
  })

  it('ends at its deadline all the same', async (t) => {
    const { receiver, outcome, counts } = await pausedExchange(t, { deadlineMs: 1_000 })
    await assert.rejects(outcome, { status: 504 })
    await becomes(() => counts.inFlight, 0)
    receiver.resume?.()
  })

  it('ends when it is given up, and being welcome again brings nothing more', async (t) => {
    const cancel = new AbortController()
    const { receiver, outcome, counts } = await pausedExchange(t, { signal: cancel.signal })
    cancel.abort(new Error('interrupted'))
    await assert.rejects(outcome, /interrupted/)
    await becomes(() => counts.inFlight, 0)
    const before = receiver.bytes
    receiver.resume?.()
    await setImmediate()
    assert.equal(receiver.bytes, before)
  })
})

describe('An exchange', () => {
  const failures: { what: string; answer: (response: ServerResponse) => void; status: number; message: RegExp }[] = [
    { what: 'hangs', answer: () => {}, status: 504, message: /did not answer within 200 ms/ },
    { what: 'sends its head and hangs', answer: (it) => it.flushHeaders(), status: 504, message: /did not answer/ },
    {
      what: 'resets the connection',
      answer: (it) => it.destroy(),
      status: 502,
      message: /the call to the model failed/,
    },
    {
      what: 'resets the connection in the middle',
      answer: (it) => it.writeHead(200, { 'content-length': '100' }).write('half', () => it.destroy()),
      status: 502,
      message: /the call to the model failed/,
    },
    {
      what: 'answers 500',
      answer: (it) => it.writeHead(500).end('why'),
      status: 502,
      message: /answered with status 500/,
    },
    { what: 'answers 429', answer: (it) => it.writeHead(429).end(), status: 502, message: /answered with status 429/ },
    {
      what: 'redirects',
      answer: (it) => it.writeHead(302, { location: '/' }).end(),
      status: 502,
      message: /status 302/,
    },
  ]
  for (const { what, answer, status, message } of failures) {
    for (const body of [undefined, { onData: () => true, whenReady: () => {} }]) {
      it(`fails with ${status} where the server ${what}, ${body ? 'streamed' : 'whole'}, and holds nothing`, async (t) => {
        const { pool, counts } = await startServer(t, (_request, response) => answer(response))
        const deadlineMs = status === 504 ? 200 : 60_000
        await assert.rejects(ask(pool, { deadlineMs, ...(body ? { body } : {}) }), { status, message })
        await becomes(() => counts.inFlight, 0)
        assert.equal(counts.asked, 1)
      })
    }
  }

  it('ends at its deadline though something trickles in all the time', async (t) => {
    let pieces = 0
    const { pool, counts } = await startServer(t, (_request, response) => {
      const timer = setInterval(() => response.write(': ping\n\n'), 5)
      response.on('close', () => clearInterval(timer))
    })
    const body = { onData: () => (pieces += 1) > 0, whenReady: () => {} }
    await assert.rejects(ask(pool, { deadlineMs: 300, body }), { status: 504 })
    assert.notEqual(pieces, 0)
    await becomes(() => counts.inFlight, 0)
  })

  it('fails with what its receiver throws, and is closed', async (t) => {
    const { pool, counts } = await startServer(t, (_request, response) => response.write('a piece'))
    const onData = (): boolean => {
      throw new Error('cannot be read')
    }
    await assert.rejects(ask(pool, { body: { onData, whenReady: () => {} } }), /cannot be read/)
    await becomes(() => counts.inFlight, 0)
  })

  it('collects no more than ten million bytes, and none of a failure', async (t) => {
    const { pool } = await startServer(t, ({ url }, response) => {
      response.writeHead(url === '/failure' ? 500 : 200).end(Buffer.alloc(10_000_001))
    })
    await assert.rejects(ask(pool), { status: 502, message: 'the model answered with more than 10000000 bytes' })
    await assert.rejects(ask(pool, { path: '/failure' }), {
      status: 502,
      message: 'the model answered with status 500',
    })
  })

  it('is not begun for a turn that was given up before', async (t) => {
    const { pool, counts } = await startServer(t, (_request, response) => response.end())
    await assert.rejects(ask(pool, { signal: AbortSignal.abort(new Error('gone')) }), /gone/)
    assert.equal(await ask(pool), '')
    assert.equal(counts.asked, 1)
  })
})
