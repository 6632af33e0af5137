import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { eventDrivenStreams } from '../../../reference-server/stream-consumer/event-driven.ts'
import { polledStreams } from '../../../reference-server/stream-consumer/polling.ts'
import type { TokenSink, TokenStream } from '../../../reference-server/stream-consumer/port.ts'

/** A client that takes everything at once, or nothing until it is told to. */
class FakeSink implements TokenSink {
  readonly writes: string[] = []
  isFull = false
  #resume: (() => void) | undefined
  #next = 0

  write(tokens: readonly string[], firstIndex: number): boolean {
    assert.equal(firstIndex, this.#next)
    assert.notEqual(tokens.length, 0)
    this.#next += tokens.length
    this.writes.push(tokens.join(''))
    return !this.isFull
  }

  onDrain(resume: () => void): void {
    assert.equal(this.#resume, undefined)
    this.#resume = resume
  }

  drain(): void {
    const resume = this.#resume
    this.#resume = undefined
    resume?.()
  }
}

/** Lets microtasks run. */
const settled = () => setImmediate()

const kinds = { 'event-driven': eventDrivenStreams, polling: polledStreams }

for (const [kind, make] of Object.entries(kinds)) {
  const open = (t: TestContext) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
    const consumer = make()
    const sink = new FakeSink()
    const stream = consumer.open(sink)
    /** One write after the other as long as there is something to write, time going by. */
    const passMs = async (ms: number): Promise<void> => {
      await settled()
      t.mock.timers.tick(ms)
      await settled()
    }
    return { consumer, sink, stream, passMs }
  }
  const isOver = async (ended: Promise<void>): Promise<boolean> => {
    let over = false
    void ended.then(() => (over = true))
    await settled()
    return over
  }

  describe(`Stream consumer, ${kind}`, () => {
    it('brings every token over once and in order, in however many writes, and ends with nothing left', async (t) => {
      const { consumer, sink, stream, passMs } = open(t)
      const tokens = Array.from({ length: 500 }, (_, index) => `${index} `)
      for (const [index, token] of tokens.entries()) {
        stream.push(token)
        if (index % 7 === 0) await passMs(3)
        if (index % 50 === 0) sink.isFull = !sink.isFull
        if (index % 31 === 0) sink.drain()
      }
      const ended = stream.end()
      sink.drain()
      await passMs(50)
      await ended
      assert.equal(sink.writes.join(''), tokens.join(''))
      assert.equal(consumer.openStreams, 0)
    })

    it('writes nothing to a client that has not taken what it has, and asks the maker to wait when too much waits', async (t) => {
      const { sink, stream, passMs } = open(t)
      sink.isFull = true
      stream.push('first')
      await passMs(50)
      let taken = 0
      while (stream.push('t')) taken += 1
      assert.equal(taken, 999)
      let resumed = 0
      stream.whenReady(() => (resumed += 1))
      await passMs(1_000)
      assert.deepEqual([sink.writes, resumed], [['first'], 0])
      sink.drain()
      await passMs(50)
      assert.deepEqual([sink.writes.length, sink.writes[1]?.length, resumed], [2, 1_000, 1])
      stream.drop()
    })

    it('counts long tokens by their text', async (t) => {
      const { sink, stream, passMs } = open(t)
      sink.isFull = true
      stream.push('first')
      await passMs(50)
      const fits = Array.from({ length: 4 }, () => stream.push('x'.repeat(16_384)))
      assert.deepEqual(fits, [true, true, true, false])
      stream.drop()
    })

    it('calls back at once where there is room', (t) => {
      const { stream } = open(t)
      let resumed = 0
      stream.whenReady(() => (resumed += 1))
      assert.equal(resumed, 1)
      stream.drop()
    })

    it('waits with its end for a client that does not keep up, and writes all that is left', async (t) => {
      const { consumer, sink, stream, passMs } = open(t)
      sink.isFull = true
      stream.push('a')
      await passMs(50)
      for (const token of ['b', 'c']) stream.push(token)
      const ended = stream.end()
      await passMs(1_000)
      assert.equal(await isOver(ended), false)
      assert.equal(consumer.openStreams, 1)
      sink.drain()
      await passMs(50)
      assert.equal(await isOver(ended), true)
      assert.deepEqual(sink.writes, ['a', 'bc'])
      assert.equal(consumer.openStreams, 0)
    })

    it('ends though nothing was ever said', async (t) => {
      const { consumer, sink, stream, passMs } = open(t)
      const ended = stream.end()
      await passMs(50)
      await ended
      assert.deepEqual([sink.writes, consumer.openStreams], [[], 0])
    })

    it('forgets what is left when the client is gone, lets the maker and the end go on, and writes no more', async (t) => {
      const { consumer, sink, stream, passMs } = open(t)
      sink.isFull = true
      stream.push('a')
      await passMs(50)
      while (stream.push('x'));
      let resumed = 0
      stream.whenReady(() => (resumed += 1))
      const ended = stream.end()
      stream.drop()
      stream.drop()
      await ended
      assert.equal(stream.push('late'), true)
      sink.drain()
      await passMs(1_000)
      assert.deepEqual([sink.writes, resumed, consumer.openStreams], [['a'], 1, 0])
    })

    it('counts the streams that are open', async (t) => {
      const { consumer, stream, passMs } = open(t)
      const streams: TokenStream[] = [stream, consumer.open(new FakeSink()), consumer.open(new FakeSink())]
      assert.equal(consumer.openStreams, 3)
      const ended = streams.map((each) => each.end())
      await passMs(50)
      await Promise.all(ended)
      for (const each of streams) each.drop()
      assert.equal(consumer.openStreams, 0)
    })
  })
}

it('An event-driven stream writes without any time going by, what came together in one write', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  const sink = new FakeSink()
  const stream = eventDrivenStreams().open(sink)
  for (const token of ['a', 'b']) stream.push(token)
  await settled()
  stream.push('c')
  await settled()
  assert.deepEqual(sink.writes, ['ab', 'c'])
  stream.push('d')
  await stream.end()
  assert.deepEqual(sink.writes, ['ab', 'c', 'd'])
})

it('Under back-pressure an event-driven stream gathers for 10, 20, 40, then 50 ms, and for none once it is over', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  const sink = new FakeSink()
  const stream = eventDrivenStreams().open(sink)
  sink.isFull = true
  stream.push('-')
  await settled()
  for (const gatheredMs of [10, 20, 40, 50, 50]) {
    const before = sink.writes.length
    stream.push('a')
    sink.drain()
    t.mock.timers.tick(gatheredMs - 1)
    stream.push('b')
    await settled()
    assert.equal(sink.writes.length, before)
    t.mock.timers.tick(1)
    assert.deepEqual(sink.writes.slice(before), ['ab'])
  }
  sink.isFull = false
  sink.drain()
  stream.push('c')
  await settled()
  assert.equal(sink.writes.at(-1), 'c')
  sink.isFull = true
  stream.push('d')
  await settled()
  stream.push('e')
  sink.drain()
  t.mock.timers.tick(10)
  assert.equal(sink.writes.at(-1), 'e')
  stream.drop()
})

it('A polled stream writes every 50 ms all that has gathered, and sees its end there too', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  const sink = new FakeSink()
  const consumer = polledStreams()
  const stream = consumer.open(sink)
  stream.push('a')
  t.mock.timers.tick(49)
  stream.push('b')
  assert.deepEqual(sink.writes, [])
  t.mock.timers.tick(1)
  assert.deepEqual(sink.writes, ['ab'])
  stream.push('c')
  void stream.end()
  t.mock.timers.tick(49)
  assert.deepEqual([sink.writes.length, consumer.openStreams], [1, 1])
  t.mock.timers.tick(1)
  assert.deepEqual([sink.writes, consumer.openStreams], [['ab', 'c'], 0])
})
