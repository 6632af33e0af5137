import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Aborts } from '../../../reference-server/services/aborts.ts'
import { eventually } from '../support/client.ts'
import { start, startServices } from '../support/processes.ts'
import { stubServer } from './support/stub-server.ts'

describe('Calls that were given up', () => {
  it('can be asked for by session and turn, with how long ago it was', async (t) => {
    const { url, ask, get } = await stubServer(t)
    const path = '/aborts?session=s&turn=3'
    const notGivenUp = async () => {
      const response = await fetch(url + path)
      return [response.status, await response.json()]
    }
    assert.deepEqual(await notGivenUp(), [404, { aborted: false, answering: false }])
    const giveUp = new AbortController()
    const call = ask('stub:hang', true, giveUp.signal)
    await eventually(
      () => get('/in-flight'),
      (seen) => JSON.stringify(seen) === '{"answers":1,"aborted":0}',
    )
    assert.deepEqual(await notGivenUp(), [404, { aborted: false, answering: true }])
    giveUp.abort()
    await assert.rejects(call)
    const seen = await eventually(
      () => get(path),
      (answer) => (answer as { aborted?: boolean }).aborted === true,
    )
    assert.ok((seen as { msAgo: number }).msAgo >= 0)
    assert.equal((await fetch(`${url}/aborts?session=s`)).status, 400)
  })

  it('are kept for ten minutes, the last 100,000 of them', () => {
    let nowMs = 0
    const aborts = new Aborts(() => nowMs)
    for (let turn = 0; turn <= 100_000; turn++) aborts.note('s', `${turn}`)
    assert.equal(aborts.count, 100_001)
    assert.equal(aborts.msAgo('s', '0'), undefined)
    assert.equal(aborts.msAgo('s', '1'), 0)
    nowMs = 600_000
    aborts.note('s', '5')
    assert.equal(aborts.msAgo('s', '1'), 600_000)
    nowMs = 600_001
    assert.deepEqual([aborts.msAgo('s', '1'), aborts.msAgo('s', '5')], [undefined, 1])
  })
})

describe('What else a model has', () => {
  it('is a list of models, behind a key, with headers to forward', async (t) => {
    const { url, get } = await stubServer(t)
    assert.equal((await fetch(`${url}/v1/models`)).status, 401)
    assert.deepEqual(
      ((await get('/v1/models')) as { data: { id: string }[] }).data.map(({ id }) => id),
      ['stub-8'],
    )
    const response = await fetch(`${url}/v1/models`, { headers: { authorization: 'Bearer k' } })
    assert.match(response.headers.get('x-request-id') ?? '', /^req-\d+$/)
    assert.equal(response.headers.get('x-ratelimit-remaining'), '999')
  })

  it('is a vector for each text, the same for the same text', async (t) => {
    const { url } = await stubServer(t)
    const embed = (body: unknown) =>
      fetch(`${url}/v1/embeddings`, {
        ...{ method: 'POST', headers: { authorization: 'Bearer k' } },
        body: JSON.stringify(body),
      })
    const { data } = (await (await embed({ model: 'e', input: ['a', 'b', 'a'] })).json()) as {
      data: { index: number; embedding: number[] }[]
    }
    assert.deepEqual(
      data.map(({ index, embedding }) => [index, embedding.length]),
      [0, 1, 2].map((index) => [index, 8]),
    )
    assert.deepEqual(data[0]?.embedding, data[2]?.embedding)
    assert.notDeepEqual(data[0]?.embedding, data[1]?.embedding)
    for (const body of [null, { input: 'a' }, { model: 'e', input: [1] }]) assert.equal((await embed(body)).status, 400)
  })
})

describe('The tool host', () => {
  it('does what it is asked to, with or without arguments', async (t) => {
    const { url, get } = await stubServer(t)
    const done = { tool: 'find', arguments: {}, result: 'find is done' }
    assert.deepEqual(await get('/tools/find?ms=0'), done)
    const response = await fetch(`${url}/tools/find?ms=1`, { method: 'POST', body: '{"q":1}' })
    assert.deepEqual(await response.json(), { ...done, arguments: { q: 1 } })
  })

  it('refuses what it cannot read', async (t) => {
    const { url } = await stubServer(t)
    const statusOf = async (path: string, body: string) => (await fetch(url + path, { method: 'POST', body })).status
    assert.equal(await statusOf('/tools/find', '{'), 400)
    assert.equal(await statusOf('/tools/find?ms=-1', '{}'), 400)
    assert.equal(await statusOf('/tools/a/b', '{}'), 404)
  })
})

describe('The process of the stubs', () => {
  it('takes latency and behaviour from its environment', async () => {
    const services = await startServices({ MODEL_LATENCY_MS: '0', MODEL_BEHAVIOUR: 'stub:tokens-2' })
    const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hello' }] })
    const request = { method: 'POST', headers: { authorization: 'Bearer k' }, body }
    const answer = await (await fetch(`${services.url}/v1/chat/completions`, request)).json()
    const lateness = await (await fetch(`${services.url}/lateness`)).json()
    await services.stop()
    assert.equal((answer as { usage: { completion_tokens: number } }).usage.completion_tokens, 2)
    assert.equal((lateness as { count: number }).count, 0)
  })

  it('says which word of its environment it does not know', async () => {
    const env = { TLS_DIR: '/nowhere', MODEL_BEHAVIOUR: 'stub:gap' }
    const { code, output } = await start('services/main.ts', ['--port', '0', '--tls-port', '0'], env).exited
    assert.equal(code, 104)
    assert.match(output, /^MODEL_BEHAVIOUR: the stub does not know stub:gap; it knows: [^\n]+\n$/)
  })
})
