import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import { planAnswer } from '../../../reference-server/services/answers.ts'
import { eventually, heldByTurns, jsonHeaders, nothingHeld, readMetrics, SessionClient } from '../support/client.ts'
import { type RunningGateway, type Services, startGateway, startServices } from '../support/processes.ts'

/** Enough connections that no four workers leave all but one of them without any. */
const tries = 12

let services: Services
let gateway: RunningGateway

const databaseFile = (): string => join(services.folder, 'shared.sqlite')

before(async () => {
  services = await startServices({ MODEL_LATENCY_MS: '0' })
  gateway = await startGateway('four-workers', { ...services.env, DATABASE_FILE: databaseFile() })
})
after(async () => {
  await gateway?.stop()
  await services?.stop()
})

interface Answer {
  status: number
  body: Record<string, unknown>
}

/** One request over a connection of its own: the kernel chooses a worker for each. */
const ask = async (method: string, path: string, body?: unknown): Promise<Answer> => {
  const headers = body === undefined ? { 'x-api-key': jsonHeaders['x-api-key'] } : jsonHeaders
  const asked = request(`${gateway.url}/v1/${path}`, { method, headers, agent: false })
  asked.end(body === undefined ? undefined : JSON.stringify(body))
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  const content = await text(response)
  return { status: response.statusCode ?? 0, body: content ? JSON.parse(content) : {} }
}

const open = async (id: string): Promise<void> => {
  assert.equal((await ask('PUT', `sessions/${id}`)).status, 201)
}

const turn = (id: string, number: number, content = 'hello'): Promise<Answer> =>
  ask('POST', `sessions/${id}/turns`, { turn: number, content })

const show = (id: string): Promise<Answer> => ask('GET', `sessions/${id}`)

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at))

/** The numbers of a session's stored turns, in order. */
const storedTurns = (key: string): number[] => {
  const database = new DatabaseSync(databaseFile(), { readOnly: true })
  const rows = database.prepare('SELECT turn FROM turns WHERE session = ? ORDER BY turn').all(key)
  database.close()
  return rows.map((row) => Number(row.turn))
}

const oneToForty = times(40, (at) => at + 1)

describe('A gateway of four workers', () => {
  it('brings the result of a tool to the turn that waits for it, whichever worker it is posted at', async () => {
    await open('tools')
    const client = await SessionClient.open(gateway.url, 'tools')
    for (let number = 1; number <= tries; number++) {
      client.sendTurn(number, 'stub:tool-mine')
      const { type, id } = await client.next()
      assert.equal(type, 'tool_call')
      assert.equal((await ask('POST', `tool-results/${id}`, { content: 'given' })).status, 202)
      const last = (await client.turnMessages()).at(-1)
      assert.deepEqual([last?.type, last?.content], ['done', planAnswer('tools', `${number}`).tokens.join('')])
    }
    await client.close()
  })

  it('interrupts a turn of any worker, and says at all of them whether one runs', async () => {
    await open('stopped')
    for (let number = 1; number <= tries; number++) {
      const running = turn('stopped', number, 'stub:hang')
      await eventually(
        () => show('stopped'),
        ({ body }) => body.status === 'running',
      )
      const seen = await Promise.all(times(4, () => show('stopped')))
      assert.deepEqual(
        seen.map(({ body }) => body.status),
        times(4, () => 'running'),
      )
      const interrupt = await ask('POST', 'sessions/stopped/interrupt', { turn: number })
      assert.deepEqual([interrupt.status, interrupt.body], [202, { interrupted: 1 }])
      assert.equal((await running).status, 409)
      assert.equal((await show('stopped')).body.status, 'idle')
    }
  })

  it('interrupts the turns of a session that is deleted, at whichever workers they run', async () => {
    for (let number = 1; number <= tries; number++) {
      await open('gone')
      const client = await SessionClient.open(gateway.url, 'gone')
      client.sendTurn(number, 'stub:hang')
      const json = turn('gone', 100 + number, 'stub:hang')
      await eventually(
        () => heldByTurns(gateway.url),
        ({ calls }) => calls === 2,
      )
      assert.equal((await ask('DELETE', 'sessions/gone')).status, 204)
      assert.equal((await json).status, 409)
      const { type, status } = await client.next()
      assert.deepEqual({ type, status }, { type: 'error', status: 409 })
      await client.close()
      assert.equal((await show('gone')).status, 404)
    }
  })

  it('counts and stores each of forty turns that one session takes at once', async () => {
    await open('forty')
    const answers = await Promise.all(oneToForty.map((number) => turn('forty', number)))
    for (const [at, { status, body }] of answers.entries())
      assert.deepEqual([status, body.content], [200, planAnswer('forty', `${at + 1}`).tokens.join('')])
    await eventually(
      async () => storedTurns('app-a/forty'),
      ({ length }) => length === 40,
    )
    assert.deepEqual(storedTurns('app-a/forty'), oneToForty)
    const seen = await Promise.all(times(tries, () => show('forty')))
    assert.deepEqual(
      seen.map(({ body }) => body.turns),
      times(tries, () => 40),
    )
  })

  it('lets no session come back that one worker deletes while others take turns of it', async () => {
    for (let round = 0; round < 3; round++) {
      const id = `deleted-${round}`
      await open(id)
      const turns = times(16, (number) => turn(id, number, 'stub:take-20'))
      await Promise.race(turns.slice(0, 4))
      assert.equal((await ask('DELETE', `sessions/${id}`)).status, 204)
      for (const { status } of await Promise.all(turns)) assert.ok([200, 404, 409].includes(status), `${status}`)
      await eventually(() => heldAndPending(), isOver)
      const seen = await Promise.all(times(tries, () => show(id)))
      assert.deepEqual(
        seen.map(({ status }) => status),
        times(tries, () => 404),
      )
      assert.deepEqual(storedTurns(`app-a/${id}`), [])
    }
  })

  it('adds no turn of a session that was deleted to the one that is opened under its id', async () => {
    await open('again')
    const late = times(8, (number) => turn('again', number, 'stub:take-1500'))
    await eventually(
      () => heldByTurns(gateway.url),
      ({ calls }) => calls === late.length,
    )
    assert.equal((await ask('DELETE', 'sessions/again')).status, 204)
    await open('again')
    // Those at other workers, too, are given up with their session: nobody is to have what they would answer.
    for (const { status } of await Promise.all(late)) assert.equal(status, 409)
    await eventually(() => heldAndPending(), isOver)
    const seen = await Promise.all(times(tries, () => show('again')))
    assert.deepEqual(
      seen.map(({ body }) => body.turns),
      times(tries, () => 0),
    )
    assert.deepEqual(storedTurns('app-a/again'), [])
    assert.equal((await turn('again', 9)).status, 200)
    await eventually(
      async () => storedTurns('app-a/again'),
      (stored) => String(stored) === '9',
    )
  })

  it('gives a device one session, however many workers are asked for it at once', async () => {
    for (const device of ['phone', 'tablet', 'desk']) {
      const opened = await Promise.all(times(tries, () => ask('POST', 'sessions', { device })))
      const again = await ask('POST', 'sessions', { device })
      assert.equal(new Set([...opened, again].map(({ body }) => body.id)).size, 1)
      assert.deepEqual([again.status, opened.filter(({ status }) => status === 201).length], [200, 1])
    }
  })

  it('sums the figures of its workers once, whichever of them is asked', async () => {
    await open('counted')
    const ok = 'gateway_turns_total{outcome="ok"}'
    const before = await readMetrics(gateway.url)
    await Promise.all(times(20, (number) => turn('counted', number)))
    const pages = await Promise.all(times(tries, () => readFigures()))
    for (const figures of pages) {
      assert.equal(figures[ok], before[ok]! + 20)
      assert.equal(figures.gateway_turns_accepted, before.gateway_turns_accepted! + 20)
    }
  })

  it('loses no turn that is in flight at any of them when it is stopped', async () => {
    for (const id of ['last', 'other']) await open(id)
    const numbers = times(12, (at) => at + 1)
    const turns = numbers.flatMap((number) => ['last', 'other'].map((id) => turn(id, number, 'stub:take-1000')))
    const client = await SessionClient.open(gateway.url, 'last')
    client.sendTurn(13, 'stub:tool-mine')
    const { id } = await client.next()
    await eventually(
      () => heldByTurns(gateway.url),
      (held) => held.turns === 25 && held.calls === 24,
    )
    const stopped = gateway.stop()
    await eventually(
      () => fetch(`${gateway.url}/readyz`),
      ({ status }) => status === 503,
    )
    assert.equal((await ask('POST', `tool-results/${id}`, { content: 'given' })).status, 202)
    for (const { status } of await Promise.all(turns)) assert.equal(status, 200)
    assert.equal((await client.turnMessages()).at(-1)?.type, 'done')
    assert.equal((await stopped).code, 0)
    assert.deepEqual(storedTurns('app-a/last'), [...numbers, 13])
    assert.deepEqual(storedTurns('app-a/other'), numbers)
  })
})

const heldAndPending = async () => {
  const { gateway_context_updates_pending: updates, gateway_store_writes_pending: writes } = await readMetrics(
    gateway.url,
  )
  return { ...(await heldByTurns(gateway.url)), updates, writes }
}

const isOver = (seen: object): boolean =>
  JSON.stringify(seen) === JSON.stringify({ ...nothingHeld, updates: 0, writes: 0 })

/** `GET /metrics` over a connection of its own. */
const readFigures = async (): Promise<Record<string, number>> => {
  const asked = request(`${gateway.url}/metrics`, { agent: false }).end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  const lines = (await text(response)).split('\n').filter((line) => line.startsWith('gateway_'))
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]))
}
