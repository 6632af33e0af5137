import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { livePort, withLivePages } from '../../../harness/commands/live/option.ts'
import { LiveServer } from '../../../harness/commands/live/server.ts'
import { UserError } from '../../../harness/errors.ts'
import { afterUpdate, type LiveState, type LiveUpdate } from '../../../reports/live/state.ts'
import { liveReader } from '../../support/live-reader.ts'
import { ManualClock } from '../../support/manual-clock.ts'

async function liveServer(t: TestContext) {
  const clock = new ManualClock()
  const server = await LiveServer.open('weir run main', 0, clock)
  t.after(() => server.close())
  /** Lets a second go by. */
  const second = () => clock.advanceTo(clock.now() + 1000)
  return { server, clock, second }
}

/** @param host what the request says that it is for */
async function answerTo(url: string, { method = 'GET', path = '/', host = new URL(url).host } = {}) {
  const asked = request(new URL(path, url), { method, headers: { host }, agent: false }).end()
  const [response] = await once(asked, 'response')
  response.resume()
  await once(response, 'end')
  return { status: response.statusCode as number, headers: response.headers as Record<string, string> }
}

const lineOf = (text: string) => ({ lines: [{ text, isFault: false }] })

test('Who comes gets all that is known first, then what changes, and both are the same state', async (t) => {
  const { server, second } = await liveServer(t)
  server.tell({ trial: { number: 1, title: 'trial 1/6' } })
  await second()
  const reader = await liveReader(t, server.url)
  const first = await reader.next()
  assert.equal(first.name, 'snapshot')
  assert.equal((first.data as LiveState).trial?.title, 'trial 1/6')
  server.tell(lineOf('over'))
  server.tell({ trial: { number: 2, title: 'trial 2/6' } })
  await second()
  const [over, update] = [await reader.next(), await reader.next()]
  const state = [over, update].reduce(
    (before, each) => afterUpdate(before, each.data as LiveUpdate),
    first.data as LiveState,
  )
  const late = await (await liveReader(t, server.url)).next()
  assert.equal(state.trial?.title, 'trial 2/6')
  assert.deepEqual(late, { id: update.id, name: 'snapshot', data: state })
})

test('However much there is to tell, it is one message a second, and nothing of it is lost', async (t) => {
  const { server, second } = await liveServer(t)
  const reader = await liveReader(t, server.url)
  await reader.next()
  const told = Array.from({ length: 30 }, (_, at) => `line ${at}`)
  for (const text of told) server.tell(lineOf(text))
  const first = await reader.next()
  await second()
  const rest = await reader.next()
  const texts = [first, rest].map(({ data }) => (data.lines ?? []).map(({ text }) => text))
  assert.deepEqual(texts, [told.slice(0, 1), told.slice(1)])
})

test('Who was away gets what was missed; for an id of another run, or one that is too old, all that is known', async (t) => {
  const { server, second } = await liveServer(t)
  server.tell(lineOf('first'))
  const { id } = await (await liveReader(t, server.url)).next()
  for (const text of ['second', 'third']) {
    await second()
    server.tell(lineOf(text))
  }
  const back = await liveReader(t, server.url, id)
  const missed = [await back.next(), await back.next()]
  assert.deepEqual(
    missed.map(({ name, data }) => [name, data.lines?.map(({ text }) => text)]),
    [
      ['update', ['second']],
      ['update', ['third']],
    ],
  )
  for (const stranger of ['00000000.1', `${id.split('.')[0]}.99`, 'x', ''])
    assert.equal((await (await liveReader(t, server.url, stranger)).next()).name, 'snapshot', `after "${stranger}"`)
  for (let at = 0; at < 70; at++) {
    await second()
    server.tell(lineOf(`${at}`))
  }
  assert.equal((await (await liveReader(t, server.url, id)).next()).name, 'snapshot')
})

test('A reader who does not read is dropped, and the others hear on', { timeout: 30_000 }, async (t) => {
  const { server, second } = await liveServer(t)
  const slow = connect(Number(new URL(server.url).port), '127.0.0.1')
  t.after(() => slow.destroy())
  slow.on('error', () => {})
  slow.write(`GET /events HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\n\r\n`)
  await once(slow, 'readable')
  const reader = await liveReader(t, server.url)
  await reader.next()
  const long = 'x'.repeat(400_000)
  const dropped = new Promise((resolve) => slow.once('close', resolve))
  for (let at = 0; at < 40; at++) {
    await second()
    server.tell(lineOf(long))
    assert.equal((await reader.next()).data.lines?.[0]?.text, long)
  }
  // Who does not read does not see the end either. That one comes says the rest: nobody else ends this connection.
  slow.resume()
  await dropped
})

test('It answers this machine by its own names, and only to be read', async (t) => {
  const { server } = await liveServer(t)
  const { port } = new URL(server.url)
  const page = await answerTo(server.url)
  assert.equal(page.status, 200)
  assert.match(page.headers['content-type']!, /^text\/html/)
  assert.equal((await answerTo(server.url, { host: `LOCALHOST:${port}` })).status, 200)
  for (const host of [`rebound.example:${port}`, `127.0.0.1.rebound.example:${port}`, 'localhost'])
    for (const path of ['/', '/events'])
      assert.equal((await answerTo(server.url, { host, path })).status, 403, `${host} ${path}`)
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'])
    assert.equal((await answerTo(server.url, { method, path: '/events' })).status, 405, method)
  assert.equal((await answerTo(server.url, { path: '/../../etc/passwd' })).status, 404)
})

test('At the end everybody is told, the connections end and the port is free again', async (t) => {
  const server = await LiveServer.open('weir run main', 0)
  const { port } = new URL(server.url)
  const reader = await liveReader(t, server.url)
  await reader.next()
  const ending = { outcome: 'finished', report: 'report.html', verdicts: 'improved' } as const
  server.tell({ ending })
  await server.close()
  assert.deepEqual((await reader.next()).data, { ending })
  await reader.ended
  const again = await LiveServer.open('weir run main', Number(port))
  await again.close()
})

test('A port that another has is said to be so', async (t) => {
  const { server } = await liveServer(t)
  const { port } = new URL(server.url)
  await assert.rejects(
    LiveServer.open('weir run main', Number(port)),
    (error) =>
      error instanceof UserError && new RegExp(`^option --live: port ${port} cannot be had`).test(error.message),
  )
})

test('What is no port is refused before any work', async () => {
  assert.equal(livePort(''), 0)
  assert.equal(livePort('8080'), 8080)
  for (const text of ['abc', '-1', '80.5', '65536', ' 80', '0x50']) {
    const work = () => assert.fail('the work began')
    await assert.rejects(
      withLivePages(text, 'weir run main', work),
      (error) =>
        error instanceof UserError && error.message.startsWith('option --live: expected --live for a free port'),
    )
  }
})
