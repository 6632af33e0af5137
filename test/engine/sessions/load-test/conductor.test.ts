import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { LoadProgress } from '../../../../harness/engine/port.ts'
import { Conductor, type ConductorHooks } from '../../../../harness/engine/sessions/load-test/conductor.ts'
import type { PartState, TestPart, TestPlan } from '../../../../harness/engine/sessions/load-test/part.ts'
import { parseThreshold } from '../../../../harness/metrics/thresholds.ts'
import { metricsWith, partThat, planWith, secondWith, stateWith } from './seconds.ts'

const quiet: ConductorHooks = { log: () => {} }

function pair(calls: string[], given: [Partial<TestPart>, Partial<TestPart>] = [{}, {}]): TestPart[] {
  return given.map((one, index) => partThat('ab'[index]!, calls, one))
}

describe('the conductor of two parts', { timeout: 20_000 }, () => {
  it('sets up and tears down once, and loads both with what setup gave', async () => {
    const calls: string[] = []
    const result = await new Conductor(planWith(), 2, quiet).run(pair(calls))
    assert.deepEqual(calls, [
      'a initialises', 'b initialises', 'a sets up', 'a loads "data"', 'b loads "data"', 'a tears down "data"', 'a finishes', 'b finishes',
    ]) // biome-ignore format: one list
    assert.deepEqual([result.exitCode, result.setupJson], [0, '"data"'])
  })

  it('begins both at the same moment, after observers are ready', async () => {
    const starts: number[] = []
    let isReady = false
    const load = async (startMs: number) => {
      assert.equal(isReady, true)
      starts.push(startMs)
    }
    const beforeStart = async () => {
      await new Promise((resolve) => setImmediate(resolve))
      isReady = true
    }
    const result = await new Conductor(planWith(), 2, { ...quiet, beforeStart }).run(pair([], [{ load }, { load }]))
    assert.deepEqual(starts, [result.startMs, result.startMs])
  })

  it('says that the load is over when all have ended it, before the teardown', async () => {
    const calls: string[] = []
    await new Conductor(planWith(), 2, { ...quiet, ended: () => calls.push('over') }).run(pair(calls))
    assert.deepEqual(calls.slice(3, 7), ['a loads "data"', 'b loads "data"', 'over', 'a tears down "data"'])
  })

  it('tells of each second what all have done since the start, and what it added to the series', async () => {
    const told: LoadProgress[] = []
    const conductor = new Conductor(planWith(), 2, { ...quiet, progress: (progress) => void told.push(progress) })
    const tell =
      (part: number): TestPart['load'] =>
      async () => {
        const done = { vusActive: 1, iterationsCompleted: 4, requestsFailed: part }
        for (const index of [1, 2]) conductor.eventsFor(part).second(secondWith({ index, ...done }))
      }
    await conductor.run(pair([], [{ load: tell(0) }, { load: tell(1) }]))
    const [{ second, ...counts }] = told.slice(-1) as [LoadProgress]
    assert.deepEqual(counts, { elapsedS: 2, durationS: 1, vus: 2, iterations: 8, iterationsPerS: 4, failed: 1 })
    assert.deepEqual(second[0], { metric: 'vus', stat: 'value', unit: 'count', value: 2 })
  })

  it('ends all when one ends early, with its exit code, and still tears down', async () => {
    const calls: string[] = []
    const conductor = new Conductor(planWith(), 2, quiet)
    let endLoad = (): void => {}
    const loading = new Promise<void>((resolve) => (endLoad = resolve))
    const load = async () => conductor.eventsFor(1).stopping(108, 'test aborted')
    const stop = (exitCode: number, reason: string) => {
      calls.push(`a stops ${exitCode} ${reason}`)
      endLoad()
    }
    const result = await conductor.run(pair(calls, [{ load: () => loading, stop }, { load }]))
    assert.deepEqual(calls.slice(3), [
      'a stops 108 test aborted', 'b stops 108 test aborted', 'a tears down "data"', 'a finishes', 'b finishes',
    ]) // biome-ignore format: one list
    assert.deepEqual([result.exitCode, result.endedBecause], [108, 'test aborted'])
  })

  it('that was stopped before it runs tells its parts so before anything else, and once', async () => {
    const calls: string[] = []
    const said: string[] = []
    const conductor = new Conductor(planWith(), 2, { log: (level, message) => void said.push(`${level} ${message}`) })
    conductor.stop(105, 'stopped by a signal')
    conductor.stop(105, 'stopped again')
    await conductor.run(pair(calls))
    assert.deepEqual(calls.slice(0, 2), ['a stops 105 stopped by a signal', 'b stops 105 stopped by a signal'])
    assert.deepEqual(said, ['warn stopped by a signal'])
  })

  it('gives up when a part fails in any of its steps', async () => {
    const fails = () => Promise.reject(new Error('gone'))
    for (const step of ['initialise', 'load', 'finish'] as const)
      await assert.rejects(new Conductor(planWith(), 2, quiet).run(pair([], [{}, { [step]: fails }])), /gone/)
    await assert.rejects(new Conductor(planWith(), 2, quiet).run(pair([], [{ setUp: fails }, {}])), /gone/)
  })

  it('looks at thresholds over what both recorded, and ends the load when one has to', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const plan = planWith({ thresholds: [countBelow(15, true)], thresholdTargets: [target] })
    const calls: string[] = []
    const ended = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const parts = ended.map(({ promise, resolve }, index) => {
      const metrics = metricsWith((registry) => registry.open('hits', 'counter').add(10, 1, null))
      return partThat('ab'[index]!, calls, {
        load: () => promise,
        snapshot: async () => metrics,
        finish: async () => stateWith({ metrics }),
        stop: (exitCode) => {
          calls.push(`stopped ${exitCode}`)
          resolve()
        },
      })
    })
    const running = new Conductor(plan, 2, { ...quiet, started: () => void setTimeout(() => t.mock.timers.tick(2000), 80) }).run(parts)
    const result = await running
    assert.deepEqual(calls.filter((call) => call.startsWith('stopped')), ['stopped 99', 'stopped 99'])
    assert.deepEqual([result.exitCode, result.thresholds.map(({ passed }) => passed)], [99, [false]])
  }) // biome-ignore format: one list

  it('lets a threshold that is crossed at once end the load after its delay, and not before', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    for (const [delayAbortEval, lastsMs, isEnded] of [['1h', 80, false], ['60ms', 80, true]] as const) {
      const end = Promise.withResolvers<void>()
      const metrics = metricsWith((registry) => registry.open('hits', 'counter').add(10, 1, null))
      const part = partThat('a', [], {
        load: () => end.promise,
        snapshot: async () => metrics,
        finish: async () => stateWith({ metrics }),
        stop: () => end.resolve(),
      })
      const threshold = parseThreshold({ threshold: 'count<1', abortOnFail: true, delayAbortEval })
      const plan = planWith({ thresholds: [{ ...target, threshold }], thresholdTargets: [target] })
      const started = () =>
        void setTimeout(() => {
          t.mock.timers.tick(2000)
          // What was looked at has been acted on by then.
          setImmediate(() => end.resolve())
        }, lastsMs)
      const { endedBecause } = await new Conductor(plan, 1, { ...quiet, started }).run([part])
      assert.equal(endedBecause !== null, isEnded, delayAbortEval)
    }
  }) // biome-ignore format: one table

  it('survives a look at thresholds that a part did not answer, and says why the load ended', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const gone = Promise.withResolvers<never>()
    const parts = pair([], [{ load: () => gone.promise, snapshot: () => gone.promise }, { load: () => new Promise(() => {}) }])
    const plan = planWith({ thresholds: [countBelow(1, true)], thresholdTargets: [target] })
    const started = () =>
      void setTimeout(() => {
        t.mock.timers.tick(2000)
        gone.reject(new Error('the generator process ended by itself'))
      }, 80)
    await assert.rejects(new Conductor(plan, 2, { ...quiet, started }).run(parts), /ended by itself/)
  }) // biome-ignore format: one list

  it('tells one part how many users there are in all', async () => {
    const calls: string[] = []
    const conductor = new Conductor(planWith(), 2, quiet)
    const second = secondWith({ index: 1, vusActive: 3, vusInitialized: 4 })
    const loads = (index: number) => async () => {
      conductor.eventsFor(index).second(second)
      conductor.eventsFor(index).second({ ...second, index: 2, isWhole: false })
    }
    await conductor.run(pair(calls, [{ load: loads(0) }, { load: loads(1) }]))
    assert.deepEqual(calls.filter((call) => call.includes('counts')), ['a counts 6 of 8'])
  }) // biome-ignore format: one list
})

describe('what two parts recorded', () => {
  const resultOf = (plan: TestPlan, states: [Partial<PartState>, Partial<PartState>]) =>
    new Conductor(plan, 2, quiet).run(
      states.map((state, index) => partThat('ab'[index]!, [], { finish: async () => stateWith(state) })),
    )

  it('is put together: checks and groups by path, phases by name, the worst of the generators', async () => {
    const check = { name: 'ok', path: '::ok' }
    const phase = { name: 'default', growth: { hits: 3 }, utilization: 0.5, cpuMs: 10, socketsOpen: 2 }
    const result = await resultOf(planWith(), [
      {
        checks: [{ ...check, passes: 1, fails: 2 }],
        groups: ['::g', '::h'],
        phases: [{ ...phase, overS: 0.4, utilization: 0.9 }, { ...phase, name: 'next', overS: 1, cpuMs: 1 }],
        gcPauseMaxMs: 3,
        rssPeakBytes: 10,
        rssIdleBytes: 7,
        warnings: ['once'],
        metrics: metricsWith((registry) => registry.open('hits', 'counter').add(3, 1, null)),
      },
      {
        checks: [{ ...check, passes: 10, fails: 0 }],
        groups: ['::h', '::i'],
        phases: [
          { ...phase, overS: 1, cpuMs: 25, socketsOpen: 5 },
          { ...phase, name: 'next', overS: 1, cpuMs: 3, utilization: 0.7 },
        ],
        gcPauseMaxMs: 2,
        rssPeakBytes: 20,
        rssIdleBytes: 2,
        warnings: ['once'],
        metrics: metricsWith((registry) => registry.open('hits', 'counter').add(3, 1, null)),
      },
    ])
    assert.deepEqual(result.checks, [{ ...check, passes: 11, fails: 2 }])
    assert.deepEqual(result.groups, ['::g', '::h', '::i'])
    assert.deepEqual(result.socketsAtPhaseEnd, { default: 7, next: 4 })
    assert.deepEqual(result.generator, {
      utilizationByPhase: { default: 0.9, next: 0.7 },
      cpuMsByPhase: { default: 35, next: 4 },
      gcPauseMaxMs: 3,
      rssPeakBytes: 30,
      rssIdleBytes: 9,
    })
    const inPhase = result.metrics.find(({ metric, phase }) => metric === 'hits' && phase === 'default')!
    assert.deepEqual([inPhase.sum, inPhase.overS], [6, 1])
    assert.deepEqual(result.warnings, ['once'])
  }) // biome-ignore format: one list

  it('has the phases that the load came to, to its end at the latest', async () => {
    const phases = [
      { name: 'ramp', startS: 0, endS: 2 },
      { name: 'hold', startS: 2, endS: 600 },
      { name: 'all', startS: 0, endS: 4.001 },
      { name: 'calm', startS: 600, endS: 610 },
    ]
    let startMs = 0
    const ends = (atS: number) => async () => stateWith({ endMs: startMs + atS * 1000 })
    const parts = pair([], [{ finish: ends(3) }, { finish: ends(4) }])
    const started = (atMs: number) => void (startMs = atMs)
    const result = await new Conductor(planWith({ phases }), 2, { ...quiet, started }).run(parts)
    assert.deepEqual(
      result.phases.map(({ name, startS, endS }) => [name, startS, Math.round(endS * 1e6) / 1e6]),
      [
        ['ramp', 0, 2],
        ['hold', 2, 4],
        ['all', 0, 4.001],
      ],
    )
  })

  it('fails where only one part was marked as failed', async () => {
    const result = await resultOf(planWith(), [{}, { exitCode: 110, endedBecause: 'marked as failed by the script: no' }])
    assert.deepEqual([result.exitCode, result.endedBecause], [110, 'marked as failed by the script: no'])
  }) // biome-ignore format: one line

  it('is held against thresholds as a whole', async () => {
    const metrics = metricsWith((registry) => registry.open('hits', 'counter').add(10, 1, null))
    for (const [limit, exitCode] of [[15, 99], [25, 0]] as const) {
      const plan = planWith({ thresholds: [countBelow(limit, false)], thresholdTargets: [target] })
      assert.equal((await resultOf(plan, [{ metrics }, { metrics }])).exitCode, exitCode)
    }
  }) // biome-ignore format: one list
})

const target = { metric: 'hits', tags: {}, key: 'hits' }

const countBelow = (limit: number, abortOnFail: boolean) => ({
  ...target,
  threshold: parseThreshold({ threshold: `count<${limit}`, abortOnFail }),
})
