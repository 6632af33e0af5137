import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { RateLimit } from '../../../../harness/engine/sessions/users/rate-limit.ts'
import { runScript } from '../k6/run-script.ts'

describe('rps', () => {
  it('gives requests places one interval apart, and saves up nothing', () => {
    const limit = new RateLimit(100)
    assert.deepEqual([0, 0, 0, 5].map((nowMs) => limit.take(nowMs)), [0, 10, 20, 25])
    assert.deepEqual([500, 500].map((nowMs) => limit.take(nowMs)), [0, 10])
  }) // biome-ignore format: one line

  it('holds back the requests of all users together', async (t) => {
    const { metric } = await runScript(
      t,
      `import http from 'k6/http'
       export const options = { rps: 10, scenarios: { s: { executor: 'constant-vus', vus: 5, duration: '500ms', gracefulStop: '0s' } } }
       export default function () { http.get('http://127.0.0.1:1/') }`,
    )
    const requests = metric('http_reqs')!.count
    assert.ok(requests >= 1 && requests <= 6, `${requests} requests in half a second`)
  })
})

describe('minIterationDuration', () => {
  it('keeps users from the next iteration, and counts nothing of the wait', async (t) => {
    const { metric } = await runScript(
      t,
      `export const options = { minIterationDuration: '200ms', vus: 2, duration: '500ms' }
       export default function () {}`,
    )
    const { sum } = metric('iterations')!
    assert.ok(sum >= 2 && sum <= 6, `${sum} iterations`)
    assert.ok(metric('iteration_duration')!.min < 200)
  })

  it('ends with the scenario, though the wait is longer', async (t) => {
    const { metric, result } = await runScript(
      t,
      `export const options = { minIterationDuration: '1h', scenarios: {
         s: { executor: 'constant-vus', vus: 2, duration: '100ms', gracefulStop: '0s' } } }
       export default function () {}`,
    )
    assert.equal(metric('iterations')?.sum, 2)
    assert.equal(result.exitCode, 0)
  })
})
