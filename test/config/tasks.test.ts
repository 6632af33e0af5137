import assert from 'node:assert/strict'
import { it } from 'node:test'
import { servicesOfTrial, taskOf } from '../../harness/config/services.ts'
import { checkConfig } from '../../harness/config.ts'

const launched = { command: ['server', '{port}'], ready: { http: '/' } }

/** A config whose campaign runs `variant` under `scenario`. */
const configOf = (variant: string, scenario: object) =>
  checkConfig(
    {
      variants: { server: launched, alone: { task: 'spin' } },
      services: { stubs: launched },
      scenarios: { s: { script: 'a.ts', ...scenario } },
      campaigns: { c: { question: '', variants: [variant], baseline: variant, scenarios: ['s'], blocks: 1 } },
    },
    'c',
  )

it('A variant stands for the task that its scenario names, or that it is', () => {
  const both = configOf('server', { tasks: { server: 'read' } })
  assert.deepEqual([taskOf(both, 's', 'server'), taskOf(both, 's', 'alone')], ['read', 'spin'])
  assert.equal(taskOf(configOf('alone', { tasks: { alone: 'read' } }), 's', 'alone'), 'read')
})

it('A suite starts the services that it names itself, and no others', () => {
  assert.deepEqual(servicesOfTrial(configOf('server', { tasks: { server: 'read' } }), 's', 'server'), [])
  assert.deepEqual(servicesOfTrial(configOf('alone', { tasks: {}, services: ['stubs'] }), 's', 'alone'), ['stubs'])
})

const wrong: [title: string, variant: string, scenario: object, words: RegExp][] = [
  ['has no task', 'server', { tasks: {} }, /scenario "s" has no task for variant "server"\. Write scenarios\.s\.tasks/],
  ['is only a task, under a load', 'alone', {}, /variant "alone" is only a task, and scenario "s" needs a server/],
  ['would be given a target', 'alone', { tasks: {}, target: { cores: 2 } }, /starts no target: leave out its "target"/],
  [
    'is not there',
    'alone',
    { tasks: { sever: 'read' } },
    /tasks: variant "sever" does not exist\. Did you mean "server"\?/,
  ],
]
for (const [title, variant, scenario, words] of wrong)
  it(`A config is refused in which a variant of a suite ${title}`, () => {
    assert.throws(() => configOf(variant, scenario), words)
  })
