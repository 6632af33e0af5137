import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UserError } from '../../harness/errors.ts'
import type { MetricKind } from '../../harness/metrics/table.ts'
import { assertStatFitsKind, evaluate, parseThreshold, type ThresholdSource } from '../../harness/metrics/thresholds.ts'

const readable: [text: string, stat: string, operator: string, limit: number][] = [
  ['p(95)<500', 'p(95)', '<', 500],
  ['avg >= 1.5', 'avg', '>=', 1.5],
  ['rate<0.01', 'rate', '<', 0.01],
  ['count==100', 'count', '==', 100],
  ['count===100', 'count', '===', 100],
  ['value>1', 'value', '>', 1],
  ['med<=200', 'med', '<=', 200],
  ['min!=0', 'min', '!=', 0],
  ['max > -1', 'max', '>', -1],
  ['  p(99.90)  <  1e3  ', 'p(99.9)', '<', 1000],
  ['p(0)>.5', 'p(0)', '>', 0.5],
]

for (const [text, stat, operator, limit] of readable) {
  test(`The threshold "${text}" is ${stat} ${operator} ${limit}`, () => {
    assert.deepEqual(parseThreshold(text), { text, stat, operator, limit, abortOnFail: false, delayAbortEvalMs: 0 })
  })
}

const unreadable: [source: unknown, message: RegExp][] = [
  ['', /expected a statistic, one of < <= /],
  ['p(95)', /expected a statistic, one of/],
  ['<500', /expected a statistic, one of/],
  ['p(95)=500', /expected a statistic, one of/],
  ['p(95)=>500', /expected a statistic, one of/],
  ['p95<500', /"p95" is not a statistic\. Expected avg/],
  ['p(120)<500', /"p\(120\)" is not a statistic/],
  ['P(95)<500', /"P\(95\)" is not a statistic/],
  ['mean<500', /"mean" is not a statistic/],
  ['p(95)<500ms', /expected a number without a unit after "<", found "500ms"/],
  ['p(95)<', /expected a number without a unit after "<", found ""/],
  ['p(95)<0x10', /found "0x10"/],
  ['p(95)<1<2', /expected a statistic, one of/],
  [42, /expected a text such as/],
  [null, /expected a text such as/],
  [{ abortOnFail: true }, /expected a text such as/],
  [{ threshold: 'p(95)<500', delayAbortEval: 'soon' }, /delayAbortEval: "soon" is not a duration/],
]

for (const [source, message] of unreadable) {
  test(`The threshold ${JSON.stringify(source)} is refused with what was expected`, () => {
    assert.throws(
      () => parseThreshold(source as ThresholdSource),
      (error) => {
        assert.ok(error instanceof UserError)
        assert.match(error.message, message)
        return true
      },
    )
  })
}

test('The object form carries whether and from when a failure ends the test', () => {
  const source = { threshold: 'p(95)<500', abortOnFail: true, delayAbortEval: '1m30s' }
  const threshold = parseThreshold(source)
  assert.equal(threshold.abortOnFail, true)
  assert.equal(threshold.delayAbortEvalMs, 90_000)
  assert.equal(parseThreshold({ threshold: 'p(95)<500', delayAbortEval: null }).delayAbortEvalMs, 0)
})

const verdicts: [text: string, value: number, passes: boolean][] = [
  ['avg<10', 9.99, true],
  ['avg<10', 10, false],
  ['avg<=10', 10, true],
  ['avg>10', 10, false],
  ['avg>10', 10.01, true],
  ['avg>=10', 10, true],
  ['avg==10', 10, true],
  ['avg===10', 10.5, false],
  ['avg!=10', 10, false],
  ['avg!=10', 11, true],
  ['avg<10', Number.NaN, false],
  ['avg>10', Number.NaN, false],
]

for (const [text, value, passes] of verdicts) {
  test(`"${text}" ${passes ? 'holds' : 'fails'} for ${value}`, () => {
    assert.equal(evaluate(parseThreshold(text), { min: -1, avg: value }), passes)
  })
}

test('A threshold finds the median under both of its names', () => {
  assert.equal(evaluate(parseThreshold('med<5'), { 'p(50)': 4 }), true)
  assert.equal(evaluate(parseThreshold('p(50)<5'), { med: 6 }), false)
})

test('A statistic that was not measured is an error that lists what was', () => {
  assert.throws(
    () => evaluate(parseThreshold('p(95)<5'), { avg: 1, max: 2 }),
    /no p\(95\) was measured\. There is: avg, max/,
  )
})

const fits: Record<Exclude<MetricKind, 'value'>, string[]> = {
  trend: ['avg', 'min', 'med', 'max', 'p(95)', 'p(99.99)'],
  counter: ['count', 'rate'],
  gauge: ['value'],
  rate: ['rate'],
}
const everyStat = ['avg', 'min', 'med', 'max', 'p(95)', 'p(99.99)', 'count', 'rate', 'value']

for (const [kind, stats] of Object.entries(fits) as [MetricKind, string[]][]) {
  test(`A ${kind} metric takes ${stats.join(', ')} and nothing else`, () => {
    for (const stat of everyStat) {
      const check = () => assertStatFitsKind(parseThreshold(`${stat}<1`), 'my_metric', kind)
      if (stats.includes(stat)) check()
      else assert.throws(check, /threshold ".*" on my_metric: a .* metric has no/)
    }
  })
}
