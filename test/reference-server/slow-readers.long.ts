import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { it } from 'node:test'
import {
  eventually,
  heldByTurns,
  nothingHeld,
  putSession,
  readMetrics,
  type ServerMessage,
  SessionClient,
} from './support/client.ts'
import { startGateway, startServices } from './support/processes.ts'

const readers = 4
/** What a stream holds before it pauses the model's connection, and what one more piece of that may add. */
const fullText = 65_536
const onePiece = 70_000

/** Asks for an answer of 20 MB, more than a system's buffers take, and reads nothing of it. */
const askAndStall = (url: string, session: string): { leave: () => void } => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const body = JSON.stringify({ turn: 0, stream: true, content: 'stub:tokens-5000 stub:width-4000 stub:gap-0' })
  const lines = [
    `POST /v1/sessions/${session}/turns HTTP/1.1`,
    ...['host: gateway', 'x-api-key: key-a', 'content-type: application/json', `content-length: ${body.length}`],
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`)
  socket.pause()
  return { leave: () => socket.destroy() }
}

it('What slow readers do not take stays at the model: a gateway holds no more than its bound of each', async (t) => {
  const services = await startServices()
  t.after(() => services.stop())
  const { url, stop } = await startGateway('optimized', services.env)
  t.after(stop)
  const stalled = []
  for (let reader = 0; reader < readers; reader++) {
    await putSession(url, `slow-${reader}`)
    stalled.push(askAndStall(url, `slow-${reader}`))
  }
  const waiting = await eventually(
    async () => (await readMetrics(url)).gateway_stream_text_waiting!,
    (text) => text >= readers * fullText,
  )
  assert.ok(waiting < readers * (fullText + onePiece), `${waiting} characters wait`)
  // None of the answers has left the model, which is held back in its turn.
  const { answers } = (await (await fetch(`${services.url}/in-flight`)).json()) as { answers: number }
  assert.equal(answers, readers)
  for (const { leave } of stalled) leave()
  await eventually(
    () => heldByTurns(url),
    (held) => JSON.stringify(held) === JSON.stringify(nothingHeld),
  )
  assert.equal((await readMetrics(url)).gateway_stream_text_waiting, 0)
})

const tokens = 2_000

it('Two turns of one WebSocket that was not read for a while come whole, each in its order', async (t) => {
  const services = await startServices()
  t.after(() => services.stop())
  const { url, stop } = await startGateway('optimized', services.env)
  t.after(stop)
  const client = await SessionClient.open(url, 'slow')
  t.after(() => client.socket.terminate())
  client.socket.pause()
  for (const turn of [1, 2]) client.sendTurn(turn, `stub:tokens-${tokens} stub:width-4000 stub:gap-0`)
  await eventually(
    async () => (await readMetrics(url)).gateway_stream_text_waiting!,
    (text) => text >= 2 * fullText,
  )
  client.socket.resume()
  const came: Record<number, ServerMessage[]> = { 1: [], 2: [] }
  for (let ended = 0; ended < 2; ) {
    const message = await client.next()
    came[Number(message.turn)]!.push(message)
    if (message.type !== 'token') ended += 1
  }
  for (const messages of Object.values(came)) {
    const last = messages.pop()
    assert.deepEqual([last?.type, last?.tokens, messages.length], ['done', tokens, tokens])
    for (const [at, { index }] of messages.entries()) assert.equal(index, at)
    assert.equal(messages.map(({ text }) => text).join(''), last?.content)
  }
  assert.equal((await readMetrics(url)).gateway_open_streams, 0)
})
