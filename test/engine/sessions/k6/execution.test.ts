import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runScript } from './run-script.ts'

describe('module k6/execution', { concurrency: 8 }, () => {
  it('counts iterations by user, by scenario and over all, as __VU and __ITER do', async (t) => {
    const { said } = await runScript(
      t,
      `import exec from 'k6/execution'
       export const options = { scenarios: {
         a: { executor: 'per-vu-iterations', iterations: 2, env: { A: '1' }, tags: { x: 'y' } },
         b: { executor: 'per-vu-iterations', iterations: 2, startTime: '300ms', exec: 'other', env: { B: '2' } } } }
       options.scenarios.a.maxDuration = '200ms'; options.scenarios.a.gracefulStop = '0s'
       function show() {
         const { vu, scenario } = exec
         console.log(JSON.stringify([scenario.name, scenario.executor, __VU, __ITER, vu.idInTest, vu.idInInstance, vu.iterationInInstance,
           vu.iterationInScenario, scenario.iterationInTest, scenario.iterationInInstance, __ENV.A ?? null, __ENV.B ?? null, vu.tags]))
       }
       export default function () { show() }
       export function other() { show() }`,
    )
    const a = ['a', 'per-vu-iterations', 1]
    const b = ['b', 'per-vu-iterations', 1]
    assert.deepEqual(said.map((line) => JSON.parse(line)), [
      [...a, 0, 1, 1, 0, 0, 0, 0, '1', null, { x: 'y', scenario: 'a', group: '' }],
      [...a, 1, 1, 1, 1, 1, 1, 1, '1', null, { x: 'y', scenario: 'a', group: '' }],
      [...b, 2, 1, 1, 2, 0, 0, 0, null, '2', { scenario: 'b', group: '' }],
      [...b, 3, 1, 1, 3, 1, 1, 1, null, '2', { scenario: 'b', group: '' }],
    ])
  }) // biome-ignore format: one table

  it('tells of the instance and of the test', async (t) => {
    const { said } = await runScript(
      t,
      `import exec from 'k6/execution'
       import { sleep } from 'k6'
       export const options = { scenarios: { s: { executor: 'shared-iterations', vus: 2, iterations: 4 } } }
       export default function () {
         sleep(0.01)
         const { instance, scenario, test } = exec
         if (scenario.iterationInTest !== 3) return
         console.log([instance.vusActive >= 1 && instance.vusActive <= 2, instance.vusInitialized, instance.iterationsCompleted >= 2, instance.iterationsInterrupted,
           instance.currentTestRunDuration > 0, Math.abs(scenario.startTime - Date.now()) < 60000, scenario.progress >= 0 && scenario.progress < 1,
           test.options.scenarios.s.vus].join())
       }`,
    )
    assert.deepEqual(said, ['true,2,true,0,true,true,true,2'])
  })

  it('tags what a user writes on itself, as text', async (t) => {
    const { said, metric } = await runScript(
      t,
      `import exec from 'k6/execution'
       import { Counter } from 'k6/metrics'
       const c = new Counter('c')
       export const options = { iterations: 2, thresholds: { 'c{step:1}': ['count==1'], 'c{step:2}': ['count==1'], 'c{kept:yes}': ['count==2'] } }
       export default function () {
         exec.vu.tags.step = __ITER + 1
         if (__ITER === 0) exec.vu.metrics.tags.kept = 'yes'
         console.log(typeof exec.vu.tags.step)
         c.add(1)
         delete exec.vu.tags.step
       }`,
    )
    assert.deepEqual(said, ['string', 'string'])
    assert.deepEqual(
      ['c{step:1}', 'c{step:2}', 'c{kept:yes}'].map((name) => metric(name)?.sum),
      [1, 1, 2],
    )
  })

  it('refuses tags and metadata that are no scalars, and keeps metadata as text', async (t) => {
    const { said } = await runScript(
      t,
      `import exec from 'k6/execution'
       const attempt = (f) => { try { console.log(f()) } catch (e) { console.log(e.name + ': ' + e.message) } }
       export default function () {
         const { tags, metrics } = exec.vu
         for (const value of [{}, null, undefined]) attempt(() => (tags.own = value))
         attempt(() => (metrics.metadata.trace = []))
         metrics.metadata.trace = 5
         attempt(() => JSON.stringify(exec.vu.metrics.metadata))
         attempt(() => { exec.vu.metrics.metadata = { other: 'x' } })
         attempt(() => { tags.scenario = 'mine' })
       }`,
    )
    const scalars = 'only String, Boolean and Number types are accepted as a metric'
    const tag = `TypeError: invalid value for metric tag 'own': ${scalars} tag values`
    const metadata = `TypeError: invalid value for metric metadata 'trace': ${scalars} metadata value`
    assert.deepEqual(said.slice(0, 5), [tag, tag, tag, metadata, '{"trace":"5"}'])
    assert.match(said[5]!, /^TypeError: Cannot assign to read only property 'metadata'/)
    assert.match(said[6]!, /^TypeError: the tag 'scenario' of a user .* cannot be set/)
  })

  it('lists what it tells', async (t) => {
    const { said } = await runScript(
      t,
      `import exec from 'k6/execution'
       export default function () {
         for (const part of [exec.vu, exec.scenario, exec.instance]) console.log(Object.keys(part).sort().join())
         console.log(JSON.parse(JSON.stringify(exec.vu)).idInTest)
       }`,
    )
    assert.deepEqual(said, [
      'idInInstance,idInTest,iterationInInstance,iterationInScenario,metrics,tags',
      'executor,iterationInInstance,iterationInTest,name,progress,startTime',
      'currentTestRunDuration,iterationsCompleted,iterationsInterrupted,vusActive,vusInitialized',
      '1',
    ])
  })

  it('tells neither options nor takes a verdict in the init context', async (t) => {
    const { said } = await runScript(
      t,
      `import exec from 'k6/execution'
       const attempt = (f) => { try { return f() } catch (e) { return e.name + ': ' + e.message } }
       const said = [attempt(() => exec.test.options), attempt(() => exec.test.fail('no'))]
       export default function () { said.forEach((each) => console.log(each)) }`,
    )
    assert.deepEqual(said, [
      'GoError: getting test options in the init context is not supported',
      'GoError: execution.test.fail() called outside of VU context',
    ])
  })

  it('says that there is no user in the init context, and no scenario in setup()', async (t) => {
    const { said } = await runScript(
      t,
      `import exec from 'k6/execution'
       const read = (what) => { try { return String(what()) } catch (e) { return e.message } }
       const init = [read(() => exec.vu.idInTest), read(() => exec.scenario.name), read(() => exec.instance.vusActive), typeof __ITER]
       export function setup() { console.log([...init, read(() => exec.scenario.name), exec.vu.idInTest, JSON.stringify(exec.vu.tags)].join('|')) }
       export default function () {}`,
    )
    const scenario = 'getting scenario information outside of the VU context is not supported'
    const outside = (what: string): string => `getting ${what} information in the init context is not supported`
    assert.deepEqual(said, [[outside('VU'), scenario, outside('instance'), 'undefined', scenario, 0, '{"group":"::setup"}'].join('|')])
  }) // biome-ignore format: one list

  it('test.abort() ends the test with 108 at once; what ran is interrupted, teardown runs', async (t) => {
    const { result, said, metric } = await runScript(
      t,
      `import exec from 'k6/execution'
       import { sleep } from 'k6'
       export const options = { vus: 3, duration: '60s' }
       export default function () { sleep(0.02); if (exec.scenario.iterationInTest >= 6) exec.test.abort('enough'); sleep(0.01) }
       export function teardown() { console.log('torn down') }`,
    )
    assert.deepEqual([result.exitCode, result.endedBecause, said], [108, 'test aborted: enough', ['torn down']])
    assert.equal(metric('interrupted_iterations')?.sum, 3)
  })

  it('test.abort() in setup() starts nothing and tears nothing down; in the init context it is the same code', async (t) => {
    const source = (where: string) => `import exec from 'k6/execution'
      ${where}
      export default function () { console.log('ran') }
      export function teardown() { console.log('torn down') }`
    const { result, said } = await runScript(t, source("export function setup() { exec.test.abort('no') }"))
    assert.deepEqual([result.exitCode, said], [108, []])
    await assert.rejects(runScript(t, source("exec.test.abort('early')")), {
      exitCode: 108,
      message: 'test aborted: early',
    })
  })

  it('test.fail() lets the test go on and ends it with 110', async (t) => {
    const { result, said } = await runScript(
      t,
      `import exec from 'k6/execution'
       export default function () { exec.test.fail('not good'); console.log('on') }`,
    )
    assert.deepEqual([result.exitCode, said], [110, ['on']])
  })
})
