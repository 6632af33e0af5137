import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { WebSocket } from 'ws'
import { startOracle } from '../../../harness/calibrate/oracle/handle.ts'
import { isWhole } from '../../../harness/calibrate/oracle/log.ts'
import type { OraclePlan } from '../../../harness/calibrate/oracle/plan.ts'
import { Oracle } from '../../../harness/calibrate/oracle/server.ts'
import { monotonicNow } from '../../../harness/clock.ts'

const atOnce: OraclePlan = { seed: 1, delay: { kind: 'constant', ms: 0 }, stall: null, stream: null }
const soon: OraclePlan = { ...atOnce, delay: { kind: 'constant', ms: 3 } }
const streamed: OraclePlan = { ...soon, stream: { tokens: 3, gapMs: 2 } }

const oracle = new Oracle()
let port = 0

before(async () => {
  oracle.server.listen(0, '127.0.0.1')
  await once(oracle.server, 'listening')
  port = (oracle.server.address() as AddressInfo).port
})
after(() => oracle.server.close())

const request = (id: number): string => `GET / HTTP/1.1\r\nHost: x\r\nX-Id: ${id}\r\n\r\n`

/** Reads until the text has come so often. */
async function readUntil(socket: Socket, text: string, times: number): Promise<string> {
  let read = ''
  for await (const bytes of socket.iterator({ destroyOnReturn: false })) {
    read += bytes
    if (read.split(text).length > times) return read
  }
  throw new Error(`the connection ended after: ${read}`)
}

describe('The oracle', () => {
  it('answers each request once, in whatever pieces it comes, and logs its id', async () => {
    oracle.begin(soon)
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    for (const piece of (request(7) + request(8)).match(/.{1,30}/gs) ?? []) {
      socket.write(piece)
      await new Promise(setImmediate)
    }
    const answer = await readUntil(socket, '\r\n\r\nok', 2)
    socket.destroy()
    assert.equal(answer.split('HTTP/1.1 200 OK').length - 1, 2)
    assert.deepEqual(
      oracle.log().map(({ id }) => id),
      [7, 8],
    )
  })

  it('releases nothing before its plan, and says when it did', async () => {
    const beganMs = monotonicNow()
    oracle.begin(streamed)
    const socket = connect(port, '127.0.0.1')
    socket.write(request(1))
    await readUntil(socket, '0\r\n\r\n', 1)
    socket.destroy()
    const [entry] = oracle.log()
    assert.ok(entry && isWhole(entry) && entry.plannedMs.length === 3)
    assert.ok(entry.arrivedMs > beganMs && entry.releasedMs.at(-1)! < monotonicNow())
    for (const [index, plannedMs] of entry.plannedMs.entries()) assert.ok(entry.releasedMs[index]! >= plannedMs)
  })

  it('streams chunks, with the head before the first', async () => {
    oracle.begin(streamed)
    const socket = connect(port, '127.0.0.1')
    socket.write(request(1))
    const answer = await readUntil(socket, '0\r\n\r\n', 1)
    socket.destroy()
    assert.match(answer, /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n(6\r\ntoken\n\r\n){3}0\r\n\r\n$/)
  })

  it('streams over a WebSocket, as another implementation reads it', async () => {
    oracle.begin(streamed)
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`)
    await once(socket, 'open')
    const heard: string[] = []
    const lastHeard = new Promise<void>((resolve) =>
      socket.on('message', (data) => {
        heard.push(String(data))
        if (heard.length === 6) resolve()
      }),
    )
    socket.send('3')
    socket.send('4')
    await lastHeard
    socket.close()
    const [code] = await once(socket, 'close')
    assert.equal(heard.filter((text) => text === 'token').length, 4)
    assert.equal(heard.at(-1), 'last')
    assert.equal(code, 1005)
    assert.deepEqual(
      oracle.log().map(({ id }) => id),
      [3, 4],
    )
  })

  it('marks an answer whose reader has gone as not whole', async () => {
    oracle.begin({ ...atOnce, delay: { kind: 'constant', ms: 50 } })
    const socket = connect(port, '127.0.0.1')
    socket.write(request(1))
    while (oracle.log().length === 0) await new Promise(setImmediate)
    const [entry] = oracle.log()
    socket.resetAndDestroy()
    await new Promise((resolve) => setTimeout(resolve, 100))
    assert.equal(isWhole(entry!), false)
  })
})

describe('The process of the oracle', () => {
  it('takes a plan, hands over its log, forgets it with the next plan, and is stopped', async () => {
    const handle = await startOracle(null)
    await handle.begin(atOnce)
    assert.equal(await (await fetch(handle.url, { headers: { 'x-id': '5' } })).text(), 'ok')
    const { entries } = await handle.log()
    assert.deepEqual(
      entries.map(({ id }) => id),
      [5],
    )
    await handle.begin(atOnce)
    assert.deepEqual((await handle.log()).entries, [])
    await handle.stop()
    await assert.rejects(fetch(handle.url))
  })
})
