import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { planAnswer } from '../../../reference-server/services/answers.ts'
import { monotonicMs } from '../../../reference-server/services/clock.ts'
import { Lateness } from '../../../reference-server/services/lateness.ts'
import { type Services, startServices } from '../support/processes.ts'

interface CompletionBody {
  choices: [{ message: { content: string } }]
  usage: { completion_tokens: number }
}

describe('A planned answer', () => {
  const plans = Array.from({ length: 20_000 }, (_, turn) => planAnswer(`session-${turn % 100}`, `${turn}`))

  it('is the same for the same session and turn, and another one for another turn', () => {
    assert.deepEqual(planAnswer('a', '1'), planAnswer('a', '1'))
    assert.notDeepEqual(planAnswer('a', '1').totalMs, planAnswer('a', '2').totalMs)
    assert.equal(planAnswer('a', '1').tokens.length, 8)
  })

  it('takes a log-normal time: median 40 ms, sigma 0.3', () => {
    const logs = plans.map(({ totalMs }) => Math.log(totalMs))
    const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length
    const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / logs.length
    // Six standard errors of a mean and of a standard deviation over 20,000 draws.
    assert.ok(Math.abs(mean - Math.log(40)) < 0.0127, `mean of logarithms ${mean}`)
    assert.ok(Math.abs(Math.sqrt(variance) - 0.3) < 0.009, `sigma ${Math.sqrt(variance)}`)
  })
})

it('Lateness is that since the last look, and nothing emitted is no lateness', () => {
  const lateness = new Lateness()
  for (const lateMs of [1, 2, 3, -5]) lateness.record(100, 100 + lateMs)
  const { count, p50Ms, maxMs } = lateness.take()
  assert.deepEqual([count, p50Ms, Math.round(maxMs)], [4, 1, 3])
  assert.deepEqual(lateness.take(), { count: 0, p50Ms: 0, p97Ms: 0, p99Ms: 0, maxMs: 0 })
})

describe('The services', { concurrency: 1 }, () => {
  let services: Services
  before(async () => {
    services = await startServices()
  })
  after(() => services?.stop())

  const complete = (body: unknown, headers: Record<string, string> = { authorization: 'Bearer key-a' }) =>
    fetch(`${services.url}/v1/chat/completions`, { method: 'POST', headers, body: JSON.stringify(body) })
  const request = (stream: boolean) => ({
    ...{ model: 'm', stream, messages: [{ role: 'user', content: 'hello' }] },
    metadata: { session: 's', turn: '3' },
  })

  it('stream an answer as eight stamped chunks in order, never before their time, and count their lateness', async () => {
    await fetch(`${services.url}/lateness`)
    const beganMs = monotonicMs()
    const text = await (await complete(request(true))).text()
    const events = text.trim().split('\n\n')
    assert.equal(events.pop(), 'data: [DONE]')
    const chunks = events.map((event) => JSON.parse(event.slice('data: '.length)))
    assert.equal(chunks.pop().choices[0].finish_reason, 'stop')
    const { tokens, totalMs } = planAnswer('s', '3')
    assert.deepEqual(
      chunks.map((chunk) => chunk.choices[0].delta.content),
      tokens,
    )
    const stamps = chunks.map((chunk) => chunk.weir as { scheduledMs: number; emittedMs: number })
    assert.ok(stamps.every(({ scheduledMs, emittedMs }) => emittedMs >= scheduledMs))
    assert.ok(stamps.every(({ scheduledMs }, k) => scheduledMs >= beganMs + (totalMs * (k + 1)) / 8))
    const lateness = (await (await fetch(`${services.url}/lateness`)).json()) as { count: number }
    assert.equal(lateness.count, 8)
  })

  it('give a whole answer in the shape of a chat completion', async () => {
    const answer = (await (await complete(request(false))).json()) as CompletionBody
    assert.equal(answer.choices[0].message.content, planAnswer('s', '3').tokens.join(''))
    assert.equal(answer.usage.completion_tokens, 8)
  })

  it('want a key, messages and a known path', async () => {
    assert.equal((await complete(request(false), {})).status, 401)
    assert.equal((await complete({ model: 'm' })).status, 400)
    assert.equal((await fetch(`${services.url}/v2`)).status, 404)
  })

  it('look knowledge up', async () => {
    const response = await fetch(`${services.url}/knowledge`, { method: 'POST', body: '{"query":"abc"}' })
    assert.deepEqual(await response.json(), { documents: [{ id: 'doc-1', text: 'background for 3 characters' }] })
  })
})
