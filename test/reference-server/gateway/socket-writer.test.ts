import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { SocketSink } from '../../../reference-server/gateway/socket-sink.ts'
import { SocketWriter } from '../../../reference-server/gateway/socket-writer.ts'
import { eventDrivenStreams } from '../../../reference-server/stream-consumer/event-driven.ts'
import { polledStreams } from '../../../reference-server/stream-consumer/polling.ts'

/** A connection whose client takes one message after the other when it is told to. */
class FakeSocket {
  readyState: number = WebSocket.OPEN
  isPaused = false
  readonly #unsent: { message: string; sent: () => void }[] = []

  get bufferedAmount(): number {
    return this.#unsent.reduce((sum, { message }) => sum + message.length, 0)
  }

  send(message: string, sent: () => void): void {
    this.#unsent.push({ message, sent })
  }

  pause(): void {
    this.isPaused = true
  }

  resume(): void {
    this.isPaused = false
  }

  /** The client takes the oldest message. */
  take(): string {
    const { message, sent } = this.#unsent.shift() ?? assert.fail('nothing was sent')
    sent()
    return message
  }

  /** All that there is to take, and what is written while it is taken. */
  takeAll(): string[] {
    const taken: string[] = []
    while (this.#unsent.length > 0) taken.push(this.take())
    return taken
  }

  /** It is gone: what was not taken never will be. */
  break(): void {
    this.readyState = WebSocket.CLOSED
    for (const { sent } of this.#unsent.splice(0)) sent()
  }
}

const openWriter = () => {
  const socket = new FakeSocket()
  return { socket, writer: new SocketWriter(socket as unknown as WebSocket) }
}

/** More than a connection holds before it counts as one that does not keep up, alone. */
const wide = 'x'.repeat(20_000)

const call = { id: 'call', name: 'mine', arguments: wide }
const answer = { content: wide, tokens: 1 }

/** What comes behind the tokens of a turn that is held back, and keeps the connection's buffer full when these have left. */
const behind: Record<string, (writer: SocketWriter, own: SocketSink) => void> = {
  'tokens of another turn': (writer) => void new SocketSink(writer, 2).write([wide], 0),
  'the end of another turn': (writer) => new SocketSink(writer, 2).done(answer, '', () => {}),
  'a call of a tool of the same turn': (_writer, own) => own.toolCall(call),
  'an error': (writer) => writer.send(wide),
}

const typesAndTurns = (messages: string[]): unknown[] =>
  messages.filter((message) => message !== wide).map((message) => [JSON.parse(message).type, JSON.parse(message).turn])

for (const [kind, make] of Object.entries({ 'event-driven': eventDrivenStreams, polled: polledStreams }))
  describe(`A stream over a WebSocket, ${kind},`, () => {
    for (const [what, sendBehind] of Object.entries(behind))
      it(`goes on when its client has taken all, ${what} behind it included`, async (t) => {
        t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
        const { socket, writer } = openWriter()
        const sink = new SocketSink(writer, 1)
        const stream = make().open(sink)
        const pass = async (): Promise<void> => {
          await setImmediate()
          t.mock.timers.tick(50)
        }
        stream.push(wide)
        await pass()
        sendBehind(writer, sink)
        stream.push('last')
        let hasEnded = false
        void stream.end().then(() => (hasEnded = true))
        await pass()
        assert.equal(hasEnded, false)
        const first = [socket.take(), ...socket.takeAll()]
        await pass()
        await setImmediate()
        assert.equal(hasEnded, true)
        const tokens = [...first, ...socket.takeAll()].filter((message) => message.includes('"turn":1,"index":'))
        assert.deepEqual(
          tokens.map((message) => JSON.parse(message).text),
          [wide, 'last'],
        )
      })
  })

describe('What is said on one WebSocket', () => {
  it('lets turns that are held back go on one after the other, each when the client keeps up again', () => {
    const { socket, writer } = openWriter()
    const resumed: number[] = []
    writer.send(wide)
    for (const turn of [1, 2, 3])
      writer.whenKeptUp(() => {
        resumed.push(turn)
        writer.send(wide)
      })
    assert.deepEqual([writer.keepsUp, resumed], [false, []])
    socket.take()
    assert.deepEqual([writer.keepsUp, resumed], [false, [1]])
    socket.take()
    socket.take()
    assert.deepEqual(resumed, [1, 2, 3])
    socket.take()
    assert.deepEqual([writer.keepsUp, resumed], [true, [1, 2, 3]])
  })

  it('is no reason to hear the client no more as long as one turn is held back, and is once far more waits', () => {
    const { socket, writer } = openWriter()
    while (socket.bufferedAmount < 200_000) writer.send(wide)
    assert.deepEqual([writer.keepsUp, socket.isPaused], [false, false])
    while (socket.bufferedAmount < 400_000) writer.send(wide)
    assert.equal(socket.isPaused, true)
    while (socket.bufferedAmount > 300_000) socket.take()
    assert.equal(socket.isPaused, true)
    while (socket.bufferedAmount > 250_000) socket.take()
    assert.equal(socket.isPaused, false)
  })

  it('holds nothing back any more when the connection is gone, and tells whoever waits for a message to leave', () => {
    const { socket, writer } = openWriter()
    const told: string[] = []
    const sink = new SocketSink(writer, 1)
    assert.equal(sink.write([wide], 0), false)
    sink.onDrain(() => told.push('drained'))
    sink.done(answer, '', () => told.push('sent'))
    socket.break()
    assert.deepEqual(told.sort(), ['drained', 'sent'])
    assert.equal(sink.write([wide], 1), true)
  })

  it('comes in the order in which it was said', () => {
    const { socket, writer } = openWriter()
    const [one, two] = [new SocketSink(writer, 1), new SocketSink(writer, 2)]
    one.write(['a', 'b'], 0)
    two.toolCall(call)
    writer.send(wide)
    one.done(answer, 'total;dur=1', () => {})
    assert.deepEqual(typesAndTurns(socket.takeAll()), [
      ['token', 1],
      ['token', 1],
      ['tool_call', 2],
      ['done', 1],
    ])
  })
})
