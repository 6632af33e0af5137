import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkConfig } from '../../harness/config.ts'
import { UserError } from '../../harness/errors.ts'

type Json = { [key: string]: unknown }

const pr: Json = { base: 'a@../base', head: 'a', budget: '5m', scenarios: { load: {} } }

/** A config with this gate. */
const gated = (gate: Json, name = 'pr'): Json => ({
  variants: {
    a: { command: ['server', '{port}'], ready: { http: '/ready' } },
    b: { url: 'http://127.0.0.1:8080' },
  },
  scenarios: { load: { script: 'load.js' } },
  campaigns: {},
  gates: { [name]: gate },
})

/** The gate with one key of its scenario changed. */
const ofScenario = (settings: Json): Json => ({ ...pr, scenarios: { load: settings } })

test('A gate needs two variants, a budget and a scenario; the rest has defaults', () => {
  assert.deepEqual(checkConfig(gated(pr), 'c').gates.pr, {
    base: 'a@../base',
    head: 'a',
    budget: 300_000,
    scenarios: { load: { limits: {} } },
  })
  assert.deepEqual(checkConfig({ ...gated(pr), gates: undefined }, 'c').gates, {})
})

test('A metric is written as text, or with margins of its own', () => {
  const metrics = ['iterations rate', { metric: 'target_cpu_per_op{phase:x} value', change: 0 }]
  const { gates } = checkConfig(gated(ofScenario({ metrics })), 'c')
  assert.deepEqual(gates.pr?.scenarios.load?.metrics, [
    { metric: 'iterations rate' },
    { metric: 'target_cpu_per_op{phase:x} value', change: 0 },
  ])
})

const refused: [what: string, config: Json, message: string][] = [
  ['an unknown variant', gated({ ...pr, base: 'c' }), 'gates.pr: variant "c" does not exist. It is one of: a, b'],
  [
    'an unknown variant of another checkout',
    gated({ ...pr, base: 'c@../base' }),
    'gates.pr: variant "c" does not exist. It is one of: a, b',
  ],
  [
    'a variant against itself',
    gated({ ...pr, base: 'a' }),
    'gates.pr: variant "a" is both base and head: nothing is compared. Write a@DIR for the one in another checkout',
  ],
  [
    'an unknown scenario',
    gated({ ...pr, scenarios: { laod: {} } }),
    'gates.pr: scenario "laod" does not exist. Did you mean "load"? It is one of: load',
  ],
  ['no scenario', gated({ ...pr, scenarios: {} }), 'key "gates.pr.scenarios": expected a scenario at least'],
  ['no time', gated({ ...pr, budget: 0 }), 'key "gates.pr.budget": expected more than no time'],
  [
    'a name that no file may have',
    gated(pr, 'pr --> x'),
    'gates.pr --> x: expected a name of letters, digits, ".", "_" and "-", found "pr --> x"',
  ],
  [
    'a statistic that the metric has not',
    gated(ofScenario({ limits: { 'http_req_duration{scenario:x}': ['rate<1'] } })),
    'gates.pr: scenarios.load: threshold "rate<1" on http_req_duration{scenario:x}: a trend metric has no "rate". It has: avg, min, med, max, p(N)',
  ],
  [
    'a limit that is no threshold',
    gated(ofScenario({ limits: { latency: ['fast'] } })),
    'key "gates.pr.scenarios.load.limits.latency.0": threshold "fast": expected a statistic, one of < <= > >= == === !=, and a number, such as "p(95)<500"',
  ],
  [
    'a limit on what records do not have',
    gated(ofScenario({ limits: { 'http_reqs{status:200}': ['count>1'] } })),
    'key "gates.pr.scenarios.load.limits.http_reqs{status:200}": "http_reqs{status:200}": records have numbers by {scenario:...} and {phase:...} only, and none by {status:...}',
  ],
  [
    'a metric without a statistic',
    gated(ofScenario({ metrics: ['latency'] })),
    'key "gates.pr.scenarios.load.metrics.0": "latency", column 8: expected a statistic after a space (avg, min, med, max, p(N) with N from 0 to 100, count, rate or value), found nothing',
  ],
  [
    'a metric twice',
    gated(ofScenario({ metrics: ['iterations rate', 'iterations rate'] })),
    'gates.pr: scenarios.load: metric "iterations rate" is named twice',
  ],
  [
    'more metrics than share an error well',
    gated(ofScenario({ metrics: ['a avg', 'b avg', 'c avg', 'd avg'] })),
    'key "gates.pr.scenarios.load.metrics": Too big: expected array to have <=3 items',
  ],
  [
    'an unknown key of a scenario',
    gated(ofScenario({ limit: {} })),
    'key "gates.pr.scenarios.load.limit" does not exist. It is one of: metrics, limits',
  ],
  [
    'an unknown key of a metric',
    gated(ofScenario({ metrics: [{ metric: 'a avg', margin: 0 }] })),
    'key "gates.pr.scenarios.load.metrics.0.margin" does not exist. It is one of: metric, change, equivalence',
  ],
  [
    'an unknown key of the gate',
    gated({ ...pr, budgte: '5m' }),
    'key "gates.pr.budgte" does not exist. It is one of: base, head, budget, scenarios, power',
  ],
  [
    'an effect of nothing',
    gated({ ...pr, power: { effect: 0, atLeast: 0.8 } }),
    'key "gates.pr.power.effect": Too small: expected number to be >0',
  ],
]
for (const [what, config, message] of refused)
  test(`Of a gate is refused ${what}`, () => {
    assert.throws(
      () => checkConfig(config, 'c'),
      (error) => {
        assert.ok(error instanceof UserError)
        assert.equal(error.message, `c: ${message}`)
        return true
      },
    )
  })
