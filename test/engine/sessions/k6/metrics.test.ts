import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { UserError } from '../../../../harness/errors.ts'
import { localServer } from './local-server.ts'
import { runScript, type ScriptRun } from './run-script.ts'

const verdicts = ({ result }: ScriptRun): Record<string, boolean> =>
  Object.fromEntries(result.thresholds.map(({ metric, expression, passed }) => [`${metric} ${expression}`, passed]))

describe('metrics and thresholds', { concurrency: 8 }, () => {
  it('every kind holds what was added to it', async (t) => {
    const run = await runScript(
      t,
      `import { Counter, Gauge, Rate, Trend } from 'k6/metrics'
       const [counter, gauge, rate, trend] = [new Counter('c'), new Gauge('g'), new Rate('r'), new Trend('t', true)]
       export default function () {
         counter.add(1); counter.add(2.5)
         gauge.add(7); gauge.add(3)
         rate.add(true); rate.add(0); rate.add(5); rate.add(false)
         for (const ms of [10, 20, 30]) trend.add(ms)
       }`,
    )
    const fields = (name: string) => {
      const { kind, isTime, count, sum, min, max, last } = run.metric(name)!
      return [kind, isTime, count, sum, min, max, last]
    }
    assert.deepEqual(fields('c'), ['counter', false, 2, 3.5, 0, 0, 0])
    assert.deepEqual(fields('g'), ['gauge', false, 2, 10, 3, 7, 3])
    assert.deepEqual(fields('r'), ['rate', false, 4, 2, 0, 0, 0])
    assert.deepEqual(fields('t'), ['trend', true, 3, 60, 10, 30, 0])
  })

  it('takes what is a number in some way, leaves out what is none and says so once', async (t) => {
    const { metric, warnings } = await runScript(
      t,
      `import { Counter } from 'k6/metrics'
       const c = new Counter('c')
       export default function () { for (const value of ['2', true, null, -1, Number.NaN, 'x', undefined, {}, 1 / 0]) c.add(value) }`,
      { options: { iterations: 3 } },
    )
    assert.deepEqual([metric('c')?.sum, metric('c')?.count], [6, 9])
    assert.deepEqual(warnings.map((line) => line.replace(" is an invalid value for metric 'c', a number or a boolean value is expected", '')), ["'null'", "'NaN'", "'x'", "'undefined'", "'[object Object]'", "'Infinity'"])
  }) // biome-ignore format: one list

  it('looks at sub-metrics by scenario, group, name and tags of every origin', async (t) => {
    const server = await localServer(t)
    const run = await runScript(
      t,
      `import http from 'k6/http'
       import exec from 'k6/execution'
       import { group } from 'k6'
       import { Trend } from 'k6/metrics'
       const trend = new Trend('t')
       export const options = {
         tags: { everywhere: '1' },
         scenarios: {
           a: { executor: 'per-vu-iterations', iterations: 2, tags: { team: 'x' } },
           b: { executor: 'per-vu-iterations', iterations: 1, exec: 'other' } },
         thresholds: {
           'http_reqs{scenario:a}': ['count==4'], 'http_reqs{scenario:b}': ['count==1'],
           'http_reqs{group:::g}': ['count==2'],
           'http_reqs{name:named}': ['count==2'], 'http_reqs{method:POST}': ['count==1'],
           'http_reqs{status:404}': ['count==2'], 'http_reqs{expected_response:false}': ['count==2'],
           'http_reqs{error_code:1404}': ['count==2'], 'http_reqs{team:x,everywhere:1}': ['count==4'],
           'http_reqs{number:5}': ['count==2'], 'http_reqs{everywhere:1}': ['count==5'],
           'http_reqs{mine:yes}': ['count==1'], 'http_reqs{nobody:has}': ['count==0'],
           'http_req_failed{scenario:a}': ['rate==0.5'], 'http_req_failed{scenario:b}': ['rate==0'],
           'iterations{scenario:a}': ['count==2'], 't{kind:small}': ['max==1'], 't{scenario:a}': ['max==2'], 't{kind:none}': ['max<9'],
         } }
       export default function () {
         group('g', () => http.get('${server.url}/echo', { tags: { name: 'named', number: 5 } }))
         http.get('${server.url}/status/404')
         trend.add(1, { kind: 'small' }); trend.add(2, { kind: 'big' })
       }
       export function other() { exec.vu.tags.mine = 'yes'; http.post('${server.url}/echo', 'x'); delete exec.vu.tags.mine }`,
    )
    const failed = Object.entries(verdicts(run)).filter(([, passed]) => !passed).map(([text]) => text)
    assert.deepEqual(failed, [])
    assert.equal(run.result.thresholds.length, 19)
    assert.equal(run.result.exitCode, 0)
    assert.equal(run.metric('t{kind:small}')?.count, 2)
  }) // biome-ignore format: one list

  it('a threshold that does not hold fails the test with 99', async (t) => {
    const run = await runScript(
      t,
      `import { Counter, Rate, Trend } from 'k6/metrics'
       const [c, r, unused, unusedRate] = [new Counter('c'), new Rate('r'), new Trend('unused'), new Rate('unused_rate')]
       export const options = { thresholds: { c: ['count<3', 'count>=3', 'rate>0'], r: ['rate>0.5'], unused: ['avg<1'], unused_rate: ['rate>0.5'], iterations: 'count==1' } }
       export default function () { c.add(3); r.add(1); r.add(0) }`,
    )
    assert.deepEqual(verdicts(run), {
      'c count<3': false,
      'c count>=3': true,
      'c rate>0': true,
      'r rate>0.5': false,
      'unused avg<1': true,
      'unused_rate rate>0.5': true,
      'iterations count==1': true,
    })
    assert.equal(run.result.exitCode, 99)
    assert.deepEqual(
      [run.metric('unused')?.count, run.metric('unused_rate')?.sum, run.metric('http_reqs')],
      [0, 0, undefined],
    )
  })

  it('abortOnFail ends the test with 99 at the next look, and teardown still runs', async (t) => {
    const run = await runScript(
      t,
      `import { Counter } from 'k6/metrics'
       import { sleep } from 'k6'
       const c = new Counter('c')
       export const options = { duration: '60s', thresholds: { c: [{ threshold: 'count<3', abortOnFail: true }] } }
       export default function () { c.add(1); sleep(0.1) }
       export function teardown() { console.log('torn down') }`,
    )
    assert.equal(run.result.exitCode, 99)
    assert.match(run.result.endedBecause!, /^thresholds on metrics 'c' were crossed; at least one has abortOnFail/)
    assert.deepEqual(run.said, ['torn down'])
    assert.equal(run.metric('interrupted_iterations')?.sum, 1)
  })

  it('delayAbortEval leaves a test alone for its time', async (t) => {
    const { result } = await runScript(
      t,
      `import { sleep } from 'k6'
       export const options = { iterations: 5, thresholds: { iterations: [{ threshold: 'count<1', abortOnFail: true, delayAbortEval: '1m' }] } }
       export default function () { sleep(0.5) }`,
    )
    assert.deepEqual([result.exitCode, result.endedBecause], [99, null])
  })

  const refused: [title: string, body: string, says: RegExp][] = [
    ['a threshold on a metric that does not exist', "export const options = { thresholds: { turns: ['count>1'] } }", /no metric is named "turns"/],
    ['a statistic that the metric does not have', "export const options = { thresholds: { http_req_duration: ['count>1'] } }", /has no "count"/],
    ['a threshold that is no expression', "export const options = { thresholds: { http_reqs: ['many'] } }", /threshold "many"/],
    ['one name for two kinds', "import { Counter, Trend } from 'k6/metrics'; new Counter('m'); new Trend('m')", /metric 'm' already exists/],
    ['a name that is none', "import { Counter } from 'k6/metrics'; new Counter('1m')", /Invalid metric name: '1m'/],
    ['a sample in the init context', "import { Counter } from 'k6/metrics'; new Counter('m').add(1)", /init context/],
  ] // biome-ignore format: one row a case
  for (const [title, body, says] of refused) {
    it(`refuses ${title}`, async (t) => {
      const isExpected = (error: unknown): boolean => error instanceof UserError && says.test(error.message)
      await assert.rejects(runScript(t, `${body}\nexport default function () {}`), isExpected)
    })
  }

  it('with the option throw a value that is no number is an exception', async (t) => {
    const { said } = await runScript(
      t,
      `import { Counter } from 'k6/metrics'
       const own = new Counter('own')
       const attempt = (f) => { try { console.log(f()) } catch (e) { console.log(e.name + ': ' + e.message) } }
       export default function () { attempt(() => own.add()); attempt(() => own.add('x')); attempt(() => own.add(true)) }`,
      { options: { throw: true } },
    )
    const expected = "for metric 'own', a number or a boolean value is expected"
    assert.deepEqual(said, [`GoError: no value was provided ${expected}`, `GoError: 'x' is an invalid value ${expected}`, 'true'])
  }) // biome-ignore format: one list

  it('a name stands for one kind of values: times or others', async (t) => {
    const { said } = await runScript(
      t,
      `import { Trend } from 'k6/metrics'
       const attempt = (f) => { try { return f().name } catch (e) { return e.name + ': ' + e.message } }
       const said = [attempt(() => new Trend('own', 'yes')), attempt(() => new Trend('own', true)), attempt(() => new Trend('own')), attempt(() => new Trend())]
       export default function () { said.forEach((each) => console.log(each)) }`,
    )
    assert.deepEqual(said.slice(0, 3), ['own', 'own', "GoError: metric 'own' already exists but with a value type time, instead of default"])
    assert.match(said[3]!, /^GoError: Invalid metric name: ''/)
  }) // biome-ignore format: one list

  it('refuses a metric that is declared in an iteration, and tags that are no values', async (t) => {
    const { said } = await runScript(
      t,
      `import { Counter } from 'k6/metrics'
       const c = new Counter('c')
       export default function () {
         try { new Counter('late') } catch (e) { console.log(e.message) }
         try { c.add(1, { tag: { deep: 1 } }) } catch (e) { console.log(e.message) }
       }`,
    )
    assert.match(said[0]!, /init context/)
    assert.match(said[1]!, /invalid value for metric tag 'tag'/)
  })
})

it('a metric may be named like a member of every object', async (t) => {
  const run = await runScript(
    t,
    `import { Counter } from 'k6/metrics'
     import { sleep } from 'k6'
     const c = new Counter('constructor')
     export const options = { duration: '200ms' }
     export default function () { sleep(0.02); c.add(2) }`,
  )
  const growth = run.result.metrics.filter(({ metric, phase }) => metric === 'constructor' && phase !== undefined)
  assert.deepEqual(
    growth.map(({ sum }) => typeof sum === 'number' && sum > 0 && sum % 2 === 0),
    [true],
  )
})
