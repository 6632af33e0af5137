import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UserError } from '../../harness/errors.ts'
import {
  parseRecordedSelector,
  parseRecordedSubMetric,
  parseSelector,
  parseSubMetric,
  printSelector,
  printSubMetric,
} from '../../harness/metrics/selector.ts'

const readable: [text: string, metric: string, tags: Record<string, string>, stat: string][] = [
  ['turn_intended_duration{scenario:paced} p(50)', 'turn_intended_duration', { scenario: 'paced' }, 'p(50)'],
  ['http_reqs rate', 'http_reqs', {}, 'rate'],
  ['  http_reqs   rate ', 'http_reqs', {}, 'rate'],
  ['target_rss_peak{phase:hold} value', 'target_rss_peak', { phase: 'hold' }, 'value'],
  ['a{b:c,d:e}p(99.90)', 'a', { b: 'c', d: 'e' }, 'p(99.9)'],
  ['a{ b : c , d : e } med', 'a', { b: 'c', d: 'e' }, 'med'],
  ['a{url:http://x:80/y} avg', 'a', { url: 'http://x:80/y' }, 'avg'],
  ['a{"name":\'b, c: d\'} max', 'a', { name: 'b, c: d' }, 'max'],
  ["a{name:it's} max", 'a', { name: "it's" }, 'max'],
  ['a{name:x/{id}/y} max', 'a', { name: 'x/{id}/y' }, 'max'],
  ['a{name:""} count', 'a', { name: '' }, 'count'],
]

for (const [text, metric, tags, stat] of readable) {
  test(`The selector "${text}" is read, and what is printed of it is read as the same`, () => {
    const selector = parseSelector(text)
    assert.deepEqual(selector, { metric, tags, stat })
    assert.deepEqual(parseSelector(printSelector(selector)), selector)
  })
}

const unreadable: [text: string, column: number, expected: RegExp, found: string][] = [
  ['', 1, /metric name/, 'nothing'],
  ['{a:b} p(50)', 1, /metric name/, 'nothing'],
  ['1metric avg', 1, /metric name/, '"1metric"'],
  ['http-reqs rate', 1, /metric name/, '"http-reqs"'],
  ['http_reqs', 10, /statistic/, 'nothing'],
  ['http_reqs{a:b}', 15, /statistic/, 'nothing'],
  ['http_reqs p50', 11, /statistic/, '"p50"'],
  ['http_reqs p(101)', 11, /statistic/, '"p(101)"'],
  ['http_reqs{a:b} p(50) <1', 16, /statistic/, '"p(50) <1"'],
  ['http_reqs{a} rate', 11, /tag:value/, '"a"'],
  ['http_reqs{a:b, c} rate', 16, /tag:value/, '"c"'],
  ['http_reqs{a:} rate', 11, /tag:value/, '"a:"'],
  ['http_reqs{:b} rate', 11, /tag:value/, '":b"'],
  ['http_reqs{} rate', 11, /tag:value/, 'nothing'],
  ['http_reqs{a:b,} rate', 15, /tag:value/, 'nothing'],
]

for (const [text, column, expected, found] of unreadable) {
  test(`The selector "${text}" is refused at column ${column}`, () => {
    assert.throws(
      () => parseSelector(text),
      (error) => {
        assert.ok(error instanceof UserError)
        assert.match(error.message, new RegExp(`column ${column}: expected`))
        assert.match(error.message, expected)
        assert.ok(error.message.endsWith(`found ${found}`), error.message)
        return true
      },
    )
  })
}

test('A sub-metric without a closing brace is refused where the brace should be', () => {
  assert.throws(() => parseSubMetric('http_reqs{a:b'), /column 14: expected "}" after the tags/)
  assert.throws(() => parseSubMetric('http_reqs{a:b}x'), UserError)
})

test('A sub-metric is read as k6 reads the key of a threshold', () => {
  assert.deepEqual(parseSubMetric('http_req_duration'), { metric: 'http_req_duration', tags: {} })
  assert.deepEqual(parseSubMetric('http_req_duration{status:200,name:"x"}'), {
    metric: 'http_req_duration',
    tags: { status: '200', name: 'x' },
  })
})

test('A printed sub-metric quotes only the values that need it', () => {
  const tags = { scenario: 'paced turns', name: 'a,b', empty: '', quoted: 'say "x", please' }
  const text = printSubMetric({ metric: 'm', tags })
  assert.equal(text, `m{scenario:paced turns,name:"a,b",empty:"",quoted:'say "x", please'}`)
  assert.deepEqual(parseSubMetric(text).tags, tags)
})

test('Of what records hold, numbers by other tags than scenario and phase are refused with the tag', () => {
  assert.deepEqual(parseRecordedSelector('turn{scenario:paced,phase:hold} p(50)').tags, {
    scenario: 'paced',
    phase: 'hold',
  })
  assert.throws(
    () => parseRecordedSelector('http_req_duration{name:login} p(95)'),
    /^UserError: "http_req_duration\{name:login\}": .* only, and none by \{name:\.\.\.\}$/,
  )
  assert.throws(
    () => parseRecordedSubMetric('http_reqs{scenario:a,status:200}'),
    /only, and none by \{status:\.\.\.\}$/,
  )
})
