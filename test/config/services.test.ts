import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cellsOf } from '../../harness/config/cells.ts'
import { needsOfTrial, servicesOfTrial } from '../../harness/config/services.ts'
import { checkConfig } from '../../harness/config.ts'

const service = (change: object = {}) => ({ command: ['x'], ready: { tcp: true as const }, ...change })

const config = checkConfig(
  {
    variants: {
      usual: { command: ['server'], ready: { tcp: true } },
      alone: { command: ['server'], ready: { tcp: true }, services: [], needs: ['four-cores'] },
    },
    services: {
      stubs: service(),
      redis: service({ optional: true, needs: ['redis'] }),
      relay: service({ optional: true, env: { TO: 'redis://127.0.0.1:{services.redis.port}' } }),
    },
    scenarios: {
      turns: { script: 'a.js' },
      boot: { script: 'a.js', services: [], needs: ['quiet'] },
      limits: { script: 'a.js', services: ['relay'] },
    },
    needs: { redis: { executable: ['redis-server'] }, 'four-cores': { cores: 4 }, quiet: { cores: 1 } },
    campaigns: {},
  },
  'c',
)

const cases: [scenario: string, variant: string, services: string[], needs: string[]][] = [
  ['turns', 'usual', ['stubs'], []],
  ['turns', 'alone', ['stubs'], ['four-cores']],
  ['boot', 'usual', ['stubs'], ['quiet']],
  ['boot', 'alone', [], ['quiet', 'four-cores']],
  ['limits', 'usual', ['stubs', 'redis', 'relay'], ['redis']],
  ['limits', 'alone', ['redis', 'relay'], ['four-cores', 'redis']],
]

for (const [scenario, variant, services, needs] of cases) {
  test(`${variant} under ${scenario} starts ${services.join(', ') || 'nothing'} and needs ${needs.join(', ') || 'nothing'}`, () => {
    assert.deepEqual(servicesOfTrial(config, scenario, variant), services)
    assert.deepEqual(needsOfTrial(config, scenario, variant), needs)
  })
}

const campaign = { question: '', baseline: 'base', blocks: 1, moreBlocks: 0, quick: { blocks: 1 } }

test('A block of claims holds under each scenario what its own claims name, each once, and the baseline', () => {
  const claim = (scenario: string, variant: string, against = 'base') => ({
    id: `${scenario}${variant}`,
    statement: '',
    scenario,
    variant,
    against,
    metric: 'm value',
    claimed: { ratio: { above: 1 } },
    needs: [],
  })
  const claims = [claim('a', 'x'), claim('a', 'x', 'y'), claim('b', 'z')]
  assert.deepEqual(cellsOf({ ...campaign, claims, variants: ['base', 'x', 'y', 'z'], scenarios: ['a', 'b'] }), [
    { scenario: 'a', variants: ['base', 'x', 'y'] },
    { scenario: 'b', variants: ['base', 'z'] },
  ])
})

test('Under a scenario of "only" run just the variants named there, and the baseline', () => {
  const main = {
    ...campaign,
    variants: ['base', 'x', 'y'],
    scenarios: ['a', 'b', 'c'],
    only: { b: ['y'], c: ['x', 'z'] },
  }
  assert.deepEqual(cellsOf(main), [
    { scenario: 'a', variants: ['base', 'x', 'y'] },
    { scenario: 'b', variants: ['base', 'y'] },
    { scenario: 'c', variants: ['base', 'x'] },
  ])
  // Narrowed to a variant that does not run there, a scenario has nothing to compare.
  assert.deepEqual(cellsOf({ ...main, variants: ['base', 'y'] }), [
    { scenario: 'a', variants: ['base', 'y'] },
    { scenario: 'b', variants: ['base', 'y'] },
  ])
})
