import assert from 'node:assert/strict'
import { test } from 'node:test'
import { primaryOf } from '../../harness/campaign/primary.ts'
import { UserError } from '../../harness/errors.ts'

/** @param chosen by the config @param own of the script */
const primaryWith = (chosen: string | undefined, own: string | null, phases = ['load']): string =>
  primaryOf(
    { file: 'weir.config.ts' },
    'closed',
    { script: 'closed.js', primary: chosen },
    {
      notes: {
        primary: own,
        operation: 'iterations',
        capacity: [],
        sessionsHeldIn: null,
        phases: null,
        voidUnless: [],
      },
      phases: phases.map((name) => ({ name, startS: 0, endS: 1 })),
    },
  )

const latency = 'http_req_duration p(50)'
const found: [what: string, chosen: string | undefined, own: string | null, phases: string[], primary: string][] = [
  ['the config names', latency, 'http_reqs count', ['load'], latency],
  ['the script names', undefined, latency, ['load'], latency],
  ['is a count of the script that has the name of throughput', undefined, 'throughput count', ['a', 'b'], 'throughput count'],
  ['is throughput of the only phase', 'throughput value', latency, ['load'], 'throughput{phase:load} value'],
  ['is throughput of the phase of that of the script', 'throughput value', 'throughput{phase:b} value', ['a', 'b'], 'throughput{phase:b} value'],
  ['is throughput of a phase named here', 'throughput{phase:a} value', 'throughput{phase:b} value', ['a', 'b'], 'throughput{phase:a} value'],
  ['is throughput of a k6 scenario', 'throughput{scenario:b} value', null, ['a', 'b'], 'throughput{phase:b} value'],
] // biome-ignore format: a row each
for (const [what, chosen, own, phases, primary] of found)
  test(`The primary metric that ${what} is taken`, () => assert.equal(primaryWith(chosen, own, phases), primary))

const refused: [what: string, chosen: string | undefined, own: string | null, told: RegExp][] = [
  [
    'that nobody names',
    undefined,
    null,
    /^scenario "closed" names no primary metric\. Write options\.ext\.weir\.primary/,
  ],
  [
    'that is throughput of any of several phases',
    'throughput value',
    latency,
    /^scenario "closed" goes by throughput, .* expected one of ramp, held, found none\. .* closed\.js, such as "throughput\{phase:ramp\} value"$/,
  ],
  [
    'that is throughput of a phase that the script has not',
    undefined,
    'throughput{phase:hold} value',
    /expected one of ramp, held, found hold/,
  ],
]
for (const [what, chosen, own, told] of refused)
  test(`A primary metric ${what} is refused`, () => {
    assert.throws(
      () => primaryWith(chosen, own, ['ramp', 'held']),
      (error) => error instanceof UserError && told.test(error.message),
    )
  })
