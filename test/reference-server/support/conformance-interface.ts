import assert from 'node:assert/strict'
import { it } from 'node:test'
import { WebSocket } from 'ws'
import { planAnswer } from '../../../reference-server/services/answers.ts'
import {
  assertProblem,
  eventually,
  heldByTurns,
  jsonHeaders,
  nothingHeld,
  postTurn,
  putSession,
  readMetrics,
  SessionClient,
} from './client.ts'
import type { UnderTest } from './conformance-suite.ts'
import { postToolResult } from './tool-result.ts'
import { TurnEvents } from './turn-events.ts'

const spoken = (session: string, turn: number): string => planAnswer(session, `${turn}`).tokens.join('')

const postJson = (url: string, path: string, body: unknown): Promise<Response> =>
  fetch(url + path, { method: 'POST', headers: jsonHeaders, body: JSON.stringify(body) })

const statusOf = async (url: string, session: string): Promise<unknown> => {
  const response = await fetch(`${url}/v1/sessions/${session}`, { headers: jsonHeaders })
  return ((await response.json()) as { status: unknown }).status
}

/** Resolves when the model has noticed that a turn's call was given up. */
const givenUp = (servicesUrl: string, session: string, turn: number) =>
  eventually(
    () => fetch(`${servicesUrl}/aborts?session=${session}&turn=${turn}`),
    ({ status }) => status === 200,
  )

const whenRunning = (url: string, calls: number) =>
  eventually(
    () => heldByTurns(url),
    (held) => held.calls === calls,
  )

/** Streams, tools, interrupts, pass-through, origins and what can be seen from outside. */
export const describeInterface = (underTest: () => UnderTest): void => {
  describeStreams(underTest)
  describeTools(underTest)
  describeInterrupts(underTest)
  describeSessions(underTest)
  describeSurroundings(underTest)
}

const describeStreams = (underTest: () => UnderTest): void => {
  it('streams a turn as server-sent events, asked for by the body or by the accept header', async () => {
    const { url } = underTest()
    await putSession(url, 'sse')
    for (const turn of [1, 2]) {
      const stream = await TurnEvents.open(url, 'sse', { turn, content: 'hello', byHeader: turn === 2 })
      assert.equal(stream.response.headers.get('content-type'), 'text/event-stream')
      const events = await stream.rest()
      const last = events.pop()
      const { tokens } = planAnswer('sse', `${turn}`)
      assert.deepEqual(
        events,
        tokens.map((text, index) => ({ event: 'token', data: { index, text } })),
      )
      const { timing, ...done } = last?.data ?? {}
      assert.deepEqual([last?.event, done], ['done', { session: 'sse', turn, tokens: 8, content: tokens.join('') }])
      assert.match(String(timing), /first-token;dur=[\d.]+, delivered;dur=[\d.]+, total;dur=[\d.]+$/)
    }
  })

  it('answers a stream that fails before its first token with a status, and one that fails later with an event', async () => {
    const { url } = underTest()
    await assertProblem((await TurnEvents.open(url, 's', { turn: 1, content: 'stub:status-500' })).response, 502)
    await assertProblem((await TurnEvents.open(url, 'nobody', { turn: 1, content: 'hello' })).response, 404)
    const broken = await TurnEvents.open(url, 's', { turn: 1, content: 'stub:take-800 stub:cut' })
    assert.equal(broken.response.status, 200)
    const events = await broken.rest()
    assert.equal(events[0]?.event, 'token')
    const { event, data } = events.at(-1)!
    assert.deepEqual([event, data.status], ['error', 502])
    assert.deepEqual(await heldByTurns(url), nothingHeld)
  })
}

const asksForWeather = 'stub:tool-weather-{"city":"Oslo"}'

const describeTools = (underTest: () => UnderTest): void => {
  it('asks the client of a stream for a tool of its own, and takes one result, from its app only', async () => {
    const { url } = underTest()
    const stream = await TurnEvents.open(url, 's', { turn: 1, content: asksForWeather })
    const { event, data } = await stream.next()
    assert.deepEqual([event, data.name, data.arguments], ['tool_call', 'weather', '{"city":"Oslo"}'])
    await assertProblem(await postToolResult(url, `${data.id}`, 'rain', 'key-b'), 404)
    assert.equal((await postToolResult(url, `${data.id}`, 'sun')).status, 202)
    const last = (await stream.rest()).at(-1)
    assert.deepEqual([last?.event, last?.data.content], ['done', spoken('s', 1)])
    await assertProblem(await postToolResult(url, `${data.id}`, 'snow'), 404)
    await assertProblem(await postToolResult(url, 'no-such-call', 'hail'), 404)
  })

  it('asks the client of a WebSocket, which answers there or over HTTP', async () => {
    const { url } = underTest()
    const client = await SessionClient.open(url, 's')
    for (const turn of [1, 2]) {
      client.sendTurn(turn, asksForWeather)
      const { type, id, name } = await client.next()
      assert.deepEqual([type, name], ['tool_call', 'weather'])
      if (turn === 1) assert.equal((await postToolResult(url, `${id}`, 'sun')).status, 202)
      else client.socket.send(JSON.stringify({ type: 'tool_result', id, content: 'sun' }))
      const last = (await client.turnMessages()).at(-1)
      assert.deepEqual([last?.type, last?.content], ['done', spoken('s', turn)])
    }
    client.socket.send(JSON.stringify({ type: 'tool_result', id: 'no-such-call', content: 'hail' }))
    assert.equal((await client.next()).status, 404)
    await client.close()
  })

  it('runs a tool that it has itself, and asks nobody', async () => {
    const { url } = underTest()
    const content = 'stub:tool-calculate-{"expression":"6*7"}'
    const events = await (await TurnEvents.open(url, 's', { turn: 1, content })).rest()
    assert.deepEqual([...new Set(events.map(({ event }) => event))], ['token', 'done'])
    const json = (await (await postTurn(url, 's', 2, content)).json()) as { content: string }
    assert.equal(json.content, spoken('s', 2))
  })
}

const describeInterrupts = (underTest: () => UnderTest): void => {
  it('interrupts a turn over HTTP: 409 for its client, and the model is rid of the call', async () => {
    const { url, services, variant } = underTest()
    const session = `stopped-${variant}`
    await putSession(url, session)
    assert.equal(await statusOf(url, session), 'idle')
    const turn = postTurn(url, session, 1, 'stub:hang')
    await whenRunning(url, 1)
    assert.equal(await statusOf(url, session), 'running')
    const response = await postJson(url, `/v1/sessions/${session}/interrupt`, { turn: 1 })
    assert.deepEqual([response.status, await response.json()], [202, { interrupted: 1 }])
    await assertProblem(await turn, 409)
    await givenUp(services.url, session, 1)
    await eventually(
      () => statusOf(url, session),
      (status) => status === 'idle',
    )
    const late = await postJson(url, `/v1/sessions/${session}/interrupt`, {})
    assert.deepEqual([late.status, await late.json()], [202, { interrupted: 0 }])
    await assertProblem(await postJson(url, '/v1/sessions/nobody/interrupt', {}), 404)
  })

  it('interrupts the turns of a session that is deleted, over both transports, and the model is rid of the calls', async () => {
    const { url, services, variant } = underTest()
    const session = `deleted-${variant}`
    const client = await SessionClient.open(url, session)
    client.sendTurn(1, 'stub:hang')
    const json = postTurn(url, session, 2, 'stub:hang')
    await whenRunning(url, 2)
    const headers = { 'x-api-key': 'key-a' }
    assert.equal((await fetch(`${url}/v1/sessions/${session}`, { method: 'DELETE', headers })).status, 204)
    await assertProblem(await json, 409)
    const { type, turn, status } = await client.next()
    assert.deepEqual({ type, turn, status }, { type: 'error', turn: 1, status: 409 })
    for (const number of [1, 2]) await givenUp(services.url, session, number)
    await client.close()
    await assertProblem(await fetch(`${url}/v1/sessions/${session}`, { headers }), 404)
  })

  it('interrupts a stream by a message of its WebSocket, and goes on with the next turn', async () => {
    const { url, services, variant } = underTest()
    const session = `stopped-socket-${variant}`
    const client = await SessionClient.open(url, session)
    client.sendTurn(1, 'stub:take-0 stub:hang-after-2')
    assert.deepEqual([(await client.next()).index, (await client.next()).index], [0, 1])
    client.socket.send('{"type":"interrupt","turn":1}')
    const { type, turn, status } = await client.next()
    assert.deepEqual({ type, turn, status }, { type: 'error', turn: 1, status: 409 })
    await givenUp(services.url, session, 1)
    client.sendTurn(2, 'hello')
    assert.equal((await client.turnMessages()).at(-1)?.type, 'done')
    await client.close()
  })
}

const describeSessions = (underTest: () => UnderTest): void => {
  it('gives a device the session that it had, and another device another one', async () => {
    const { url } = underTest()
    const open = async (device: string): Promise<[number, unknown]> => {
      const response = await postJson(url, '/v1/sessions', { device })
      return [response.status, ((await response.json()) as { id: unknown }).id]
    }
    const [created, id] = await open('phone')
    assert.equal(created, 201)
    assert.deepEqual(await open('phone'), [200, id])
    const [other, otherId] = await open('tablet')
    assert.deepEqual([other, otherId === id], [201, false])
    await assertProblem(await postJson(url, '/v1/sessions', {}), 400)
  })

  it('takes over a conversation that was begun elsewhere', async () => {
    const { url } = underTest()
    const say = (role: string, content: string) => ({ role, content })
    const messages = [say('user', 'a'), say('assistant', 'b'), say('user', 'c'), say('assistant', 'd')]
    const request = { method: 'PUT', headers: jsonHeaders, body: JSON.stringify({ messages }) }
    const opened = await fetch(`${url}/v1/sessions/imported`, request)
    assert.deepEqual([opened.status, ((await opened.json()) as { turns: number }).turns], [201, 2])
    assert.equal((await postTurn(url, 'imported', 3, 'hello')).status, 200)
    await eventually(
      async () =>
        (await (await fetch(`${url}/v1/sessions/imported`, { headers: jsonHeaders })).json()) as { turns: number },
      ({ turns }) => turns === 3,
    )
  })
}

const upgradeStatus = (url: string, origin: string): Promise<number | undefined> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/sessions/s/ws?key=key-a`, { origin })
    socket.on('open', () => {
      socket.terminate()
      resolve(101)
    })
    socket.on('unexpected-response', (request, response) => {
      request.destroy()
      resolve(response.statusCode)
    })
    socket.on('error', () => {})
  })

const describeSurroundings = (underTest: () => UnderTest): void => {
  it('passes requests to the model and its answers back as they are, errors too', async () => {
    const { url, services } = underTest()
    for (const path of ['models', 'nothing']) {
      const direct = await fetch(`${services.url}/v1/${path}`, { headers: { authorization: 'Bearer key-a' } })
      const through = await fetch(`${url}/v1/proxy/${path}`, { headers: jsonHeaders })
      assert.equal(through.status, path === 'models' ? 200 : 404)
      assert.deepEqual([through.status, await through.text()], [direct.status, await direct.text()])
    }
    await assertProblem(await fetch(`${url}/v1/proxy/models`), 401)
  })

  it('lets pages of its own origins in and no others, over HTTP, streams and WebSockets', async () => {
    const { url } = underTest()
    const [own, foreign] = ['https://app.example', 'https://foreign.example']
    const show = (origin: string) => fetch(`${url}/v1/sessions/s`, { headers: { ...jsonHeaders, origin } })
    await assertProblem(await show(foreign), 403)
    assert.equal((await show(own)).headers.get('access-control-allow-origin'), own)
    const preflight = await fetch(`${url}/v1/sessions/s/turns`, { method: 'OPTIONS', headers: { origin: own } })
    assert.deepEqual([preflight.status, preflight.headers.get('access-control-allow-origin')], [204, own])
    assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /x-api-key/)
    const stream = await TurnEvents.open(url, 's', { turn: 1, content: 'hello', headers: { origin: own } })
    assert.equal(stream.response.headers.get('access-control-allow-origin'), own)
    await stream.rest()
    assert.deepEqual([await upgradeStatus(url, own), await upgradeStatus(url, foreign)], [101, 403])
  })

  it('says how long the stages of a turn took, to its client and in its metrics', async () => {
    const { url } = underTest()
    const closed = 'gateway_turn_stage_seconds_count{stage="closed"}'
    const before = (await readMetrics(url))[closed] ?? 0
    const response = await postTurn(url, 's', 1, 'hello')
    const names = (response.headers.get('server-timing') ?? '').replaceAll(/;dur=\d+\.\d/g, '')
    assert.equal(names, 'admitted, upstream-started, first-token, delivered, total')
    await response.text()
    await eventually(
      () => readMetrics(url),
      (metrics) => metrics[closed]! > before,
    )
  })
}
