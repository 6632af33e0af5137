import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { VirtualUser } from '../../../../harness/engine/sessions/users/vu.ts'
import { localServer } from '../k6/local-server.ts'
import { runScript } from '../k6/run-script.ts'

const script = (body: string, scenario: string): string => `import http from 'k6/http'
import { sleep } from 'k6'
const url = __ENV.URL
export const options = { scenarios: { s: ${scenario} } }
export default function () {
  const say = (r) => { const { queued, intended, duration } = r.timings; console.log(JSON.stringify({ queued, intended, duration })) }
  ${body}
}`

interface Told {
  queued: number
  intended: number
  duration: number
}

const told = (said: string[]): Told[] => said.map((line) => JSON.parse(line))
const isSum = ({ queued, intended, duration }: Told): boolean => Math.abs(queued + duration - intended) < 1e-6

describe('three latencies', () => {
  it('intended is queue and service together, whatever the executor', async (t) => {
    const server = await localServer(t)
    const body =
      "say(http.get(url + '/slow/5')); sleep(0.01); say(http.get(url + '/echo')); say(http.get(url + '/echo'))"
    for (const scenario of [
      "{ executor: 'per-vu-iterations', vus: 3, iterations: 2 }",
      "{ executor: 'constant-arrival-rate', rate: 20, duration: '300ms', preAllocatedVUs: 10 }",
    ]) {
      const { said, metric } = await runScript(t, script(body, scenario), { env: { URL: server.url } })
      assert.equal(said.length, 18)
      assert.ok(told(said).every((times) => isSum(times) && times.queued >= 0))
      const sumOf = (name: string): number => metric(name)!.sum
      const difference = sumOf('http_req_queued') + sumOf('http_req_duration') - sumOf('http_req_intended_duration')
      assert.ok(Math.abs(difference) < 1e-3)
    }
  })

  it('a server that is slow is not a generator that is late: no start waits in the queue for it', async (t) => {
    const server = await localServer(t)
    const { said, metric } = await runScript(
      t,
      script(
        "say(http.get(url + '/slow/200'))",
        "{ executor: 'constant-arrival-rate', rate: 20, duration: '500ms', preAllocatedVUs: 2, maxVUs: 2 }",
      ),
      { env: { URL: server.url } },
    )
    const dropped = metric('dropped_iterations')!.sum
    assert.equal(said.length + dropped, 10)
    assert.ok(dropped >= 3, 'two users cannot hold the rate')
    assert.ok(told(said).every(({ queued, duration }) => queued < duration))
    assert.equal(metric('generator_lateness')?.count, said.length)
  })

  it('a generator that stood still shows in queue and lateness of the starts that fell due, not in service', async (t) => {
    const server = await localServer(t)
    const { said, metric } = await runScript(
      t,
      script(
        "if (__ITER === 0 && __VU === 1) { const from = Date.now(); while (Date.now() - from < 200); } say(http.get(url + '/echo'))",
        "{ executor: 'constant-arrival-rate', rate: 100, duration: '400ms', preAllocatedVUs: 60 }",
      ),
      { env: { URL: server.url } },
    )
    assert.equal(said.length, 40)
    const times = told(said)
    const late = times.filter(({ queued }) => queued > 100)
    assert.ok(late.length >= 8, 'those that were due in the first half of the standstill')
    assert.ok(late.every(({ intended, duration }) => intended > 100 && intended > duration))
    assert.ok(metric('generator_lateness')!.max > 150)
  })

  it('only the first operation behind a schedule point carries the lateness', async (t) => {
    const server = await localServer(t)
    const spin = 'const from = Date.now(); while (Date.now() - from < 60);'
    const { said, errors } = await runScript(
      t,
      script(
        // A timer's time is over while the user computes: the request behind it was due then, the next one is not late.
        `say(http.get(url + '/echo'))
         setTimeout(() => { say(http.get(url + '/echo')); say(http.get(url + '/echo')) }, 5)
         ${spin}`,
        "{ executor: 'per-vu-iterations', vus: 1, iterations: 1 }",
      ),
      { env: { URL: server.url } },
    )
    assert.deepEqual(errors, [])
    const [free, afterTimer, next] = told(said)
    assert.ok(afterTimer!.queued > 50, 'due 5 ms after the timer was set, sent when the computing was over')
    assert.ok(free!.queued < afterTimer!.queued && next!.queued < afterTimer!.queued)
  })

  it('a due time is used up when it is taken, is never in the future, and ends with its iteration', () => {
    const user = Object.create(VirtualUser.prototype) as VirtualUser
    user.dueMs = Number.NaN
    assert.equal(user.takeIntendedStart(100), 100)
    user.dueMs = 40
    assert.deepEqual([user.takeIntendedStart(100), user.takeIntendedStart(101)], [40, 101])
    user.dueMs = 250
    assert.deepEqual([user.takeIntendedStart(100), user.takeIntendedStart(300)], [100, 300])
  })
})
