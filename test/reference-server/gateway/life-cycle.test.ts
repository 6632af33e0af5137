import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { eventually, jsonHeaders, postTurn, putSession, readMetrics, SessionClient } from '../support/client.ts'
import { type RunningGateway, type Services, startGateway, startServices } from '../support/processes.ts'

let services: Services
let gateway: RunningGateway
before(async () => {
  services = await startServices()
  gateway = await startGateway('optimized', services.env)
  await putSession(gateway.url, 's')
})
after(async () => {
  await gateway?.stop()
  await services?.stop()
})

const stagesIn = (timing: unknown): string[] => [...String(timing).matchAll(/([a-z-]+);dur=/g)].map(([, name]) => name!)

const sent = ['admitted', 'upstream-started']
const toDelivered = [...sent, 'first-token', 'delivered', 'total']

const streamTurn = (session: string, content: string): Promise<Response> =>
  fetch(`${gateway.url}/v1/sessions/${session}/turns`, {
    method: 'POST',
    headers: jsonHeaders,
    body: JSON.stringify({ turn: 1, content, stream: true }),
  })

it('A JSON turn says what it has been through, and so does one that fails, as far as it came', async () => {
  const good = await postTurn(gateway.url, 's', 1, 'stub:take-0')
  assert.deepEqual(stagesIn(good.headers.get('server-timing')), toDelivered)
  const unknown = await postTurn(gateway.url, 'nobody', 1, 'stub:take-0')
  assert.deepEqual([unknown.status, stagesIn(unknown.headers.get('server-timing'))], [404, ['admitted', 'total']])
  const failed = await postTurn(gateway.url, 's', 2, 'stub:status-500')
  const stages = stagesIn(failed.headers.get('server-timing'))
  assert.deepEqual([failed.status, stages], [502, ['admitted', 'upstream-started', 'total']])
})

it('A streamed turn says so in its head up to the first token, and in its last event; one that fails before, in its head', async () => {
  const response = await streamTurn('s', 'stub:take-0')
  assert.deepEqual(stagesIn(response.headers.get('server-timing')), [...toDelivered.slice(0, 3), 'total'])
  const done = /event: done\ndata: (.*)/.exec(await response.text())?.[1] ?? '{}'
  assert.deepEqual(stagesIn(JSON.parse(done).timing), toDelivered)
  const failed = await streamTurn('nobody', 'stub:take-0')
  assert.deepEqual([failed.status, stagesIn(failed.headers.get('server-timing'))], [404, ['admitted', 'total']])
})

it('A turn over a WebSocket says so with its last message; /metrics counts every stage of every turn', async () => {
  const before = await readMetrics(gateway.url)
  const client = await SessionClient.open(gateway.url, 's')
  client.sendTurn(9, 'stub:take-0')
  const messages = await client.turnMessages()
  assert.deepEqual(stagesIn(messages.at(-1)?.timing), toDelivered)
  client.sendTurn(10, 'stub:status-500')
  assert.equal((await client.turnMessages()).at(-1)?.status, 502)
  await client.close()
  const grown = async () => {
    const now = await readMetrics(gateway.url)
    const of = (name: string): number => (now[name] ?? 0) - (before[name] ?? 0)
    const stages = [...toDelivered.slice(0, -1), 'closed']
    return [
      of('gateway_turns_accepted'),
      ...stages.map((stage) => of(`gateway_turn_stage_seconds_count{stage="${stage}"}`)),
    ]
  }
  await eventually(grown, (counts) => String(counts) === '2,2,2,1,1,2')
})

it('A proxied request says in its head what it has been through, /metrics counts its stages and how it ended', async () => {
  const pass = (path: string, body?: string) =>
    fetch(`${gateway.url}/v1/proxy/${path}`, { headers: jsonHeaders, ...(body ? { method: 'POST', body } : {}) })
  const before = await readMetrics(gateway.url)
  const good = await pass('models')
  await good.text()
  assert.deepEqual(stagesIn(good.headers.get('server-timing')), ['admitted', 'upstream-started', 'first-byte', 'total'])
  const asked = { model: 'stub-8', messages: [{ role: 'user', content: 'stub:reset' }] }
  const failed = await pass('chat/completions', JSON.stringify(asked))
  assert.deepEqual([failed.status, stagesIn(failed.headers.get('server-timing'))], [502, [...sent, 'total']])
  await failed.text()
  const grown = async () => {
    const now = await readMetrics(gateway.url)
    const of = (name: string): number => (now[name] ?? 0) - (before[name] ?? 0)
    const stages = [...sent, 'first-byte', 'delivered', 'closed']
    return [
      ...['ok', 'upstream-failed'].map((outcome) => of(`gateway_proxied_total{outcome="${outcome}"}`)),
      ...stages.map((stage) => of(`gateway_proxied_stage_seconds_count{stage="${stage}"}`)),
    ]
  }
  await eventually(grown, (counts) => String(counts) === '1,1,2,2,1,1,2')
})

it('A proxied request that is in flight when the gateway is stopped is answered', async () => {
  const body = JSON.stringify({ model: 'stub-8', messages: [{ role: 'user', content: 'stub:take-1000' }] })
  const passed = fetch(`${gateway.url}/v1/proxy/chat/completions`, { method: 'POST', headers: jsonHeaders, body })
  await eventually(
    async () => (await readMetrics(gateway.url)).gateway_proxied_in_flight,
    (count) => count === 1,
  )
  const stopped = gateway.stop()
  assert.equal((await passed).status, 200)
  assert.equal((await stopped).code, 0)
})
