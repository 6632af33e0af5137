import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formats } from '../../harness/gate/formats.ts'
import { type GateResult, judgeGate } from '../../harness/gate/result.ts'
import { terminalText } from '../../harness/gate/terminal.ts'
import { type GatedPairs, gatedRun, metric, openMargins, p95 } from './gated-run.ts'

const worse: GatedPairs = { ratio: 1.1, latencyMs: 300 }
const judged = (pairs: GatedPairs, isStrict = false) => judgeGate(gatedRun(pairs), isStrict)

/** What a format writes where it writes one file. */
function written(name: keyof typeof formats, result: GateResult): string {
  const files = Object.entries(formats[name].files(result, 'out.json'))
  assert.equal(files.length, 1)
  assert.equal(files[0]![0], 'out.json')
  return files[0]![1]!
}

test('JUnit has a test case for the run, each gate metric and each limit', () => {
  const xml = written('junit', judged(worse))
  assert.match(
    xml,
    /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="weir" tests="3" failures="2" errors="0" /,
  )
  assert.match(xml, / time="300.500" timestamp="2026-11-21T03:15:02">/)
  assert.deepEqual(
    [...xml.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"/g)].map(([, classname, name]) => [classname, name]),
    [
      ['pr', 'gate pr runs to its end'],
      ['pr.browse', `${metric}: head against base`],
      ['pr.browse', 'http_req_duration: p(95)&lt;250'],
    ],
  )
  assert.match(xml, /<failure message="[^"]*regressed, \+10.1%[^"]*" type="regressed"\/>/)
  assert.match(xml, /<failure message="[^"]*crossed, 300 ms[^"]*" type="limit crossed"\/>/)
})

const ends: [what: string, pairs: GatedPairs, isStrict: boolean, counts: string][] = [
  ['what passed counts as nothing else', {}, false, 'failures="0" errors="0" skipped="0"'],
  ['what is not decided is skipped', { planned: openMargins }, false, 'failures="0" errors="0" skipped="1"'],
  ['what is not decided fails a strict gate', { planned: openMargins }, true, 'failures="1" errors="0" skipped="0"'],
  ['what is not valid is an error', { pairs: 2, late: 2 }, false, 'failures="0" errors="2" skipped="0"'],
]
for (const [what, pairs, isStrict, counts] of ends)
  test(`In JUnit ${what}`, () => {
    assert.ok(written('junit', judged(pairs, isStrict)).includes(counts))
  })

const partly: GatedPairs = { pairs: 14, late: 2 }

test('Every output says why pairs were not used', () => {
  const result = judged(partly)
  const reason = 'browse: head, pairs 1 and 2: not used: the generator was late'
  const text = written('markdown', result).replaceAll('&#58;', ':')
  assert.match(text, new RegExp(`<details>.*\n\n- <code>${reason}</code>\n\n</details>`))
  assert.match(written('junit', result), new RegExp(`runs to its end"[^>]*>\n *<system-out>${reason}</system-out>`))
  assert.deepEqual(JSON.parse(written('json', result)).excluded, [
    { scenario: 'browse', reason: reason.slice('browse: '.length) },
  ])
  assert.match(terminalText(result, 80).replaceAll(/\s+/g, ' '), new RegExp(`not used ${reason}`))
})

test('Markdown has a heading with the outcome, what speaks against it, and both tables', () => {
  const text = written('markdown', judged(worse))
  assert.match(
    text,
    /^### Gate <code>pr<\/code>: regressed\n\n<code>head<\/code> against <code>base<\/code>: 10 valid pairs\.\n/,
  )
  assert.match(
    text,
    /\n\| <code>browse<\/code> \| .* \| 1 ms \| 1\.101 ms \| \+10\.1% \| .* \| 10 \| \*\*regressed\*\* \|\n/,
  )
  assert.match(text, /\n\| <code>browse<\/code> \| .* \| 300 ms \| 10 \| \*\*crossed\*\* \|\n/)
  assert.match(
    written('markdown', judged({ planned: openMargins })),
    /: inconclusive\n[\s\S]*What is not decided does not fail this gate/,
  )
})

test('A comment is the Markdown behind a mark with the name of the gate', () => {
  const result = judged(worse)
  assert.equal(written('comment', result), `<!-- weir-gate:pr -->\n${written('markdown', result)}`)
  const named = { ...result, gate: 'a --> <b>' }
  assert.equal(written('comment', named).split('\n')[0], '<!-- weir-gate:a_--___b_ -->')
})

test('JSON has everything, under a schema with a number', () => {
  const result = judged(worse)
  assert.deepEqual(JSON.parse(written('json', result)), { schema: 'weir.gate/1', ...structuredClone(result) })
})

test('Of github-action-benchmark each direction has a file of its own, and none is empty', () => {
  const limits = [p95, { ...p95, metric: 'target_cpu_per_op{phase:main}', expression: 'value<5' }]
  const limit = { ...p95, metric: 'iterations', expression: 'count>=0' }
  const files = formats['benchmark-json'].files(judged({ ...worse, limits: [...limits, limit] }), 'out/bench.json')
  const names = Object.entries(files).map(([file, text]) => [
    file,
    JSON.parse(text!).map(({ name }: { name: string }) => name),
  ])
  assert.deepEqual(names, [
    ['out/bench.json', [`browse: ${metric}`, 'browse: http_req_duration p(95)']],
    ['out/bench.bigger.json', ['browse: iterations count']],
  ])
  const [entry] = JSON.parse(files['out/bench.json']!)
  assert.deepEqual(entry, {
    name: `browse: ${metric}`,
    unit: 'ms',
    value: entry.value,
    range: '± 0.000275',
    extra: 'regressed against base: +10.1% (+10.0 to +10.1%, 10 pairs)',
  })
  const exact = { ...p95, metric: 'http_req_duration', expression: 'p(95)==100' }
  const ofExact = formats['benchmark-json'].files(judged({ limits: [exact] }), 'bench.json')
  assert.match(ofExact['bench.json']!, /browse: http_req_duration p\(95\)/)
  assert.deepEqual(formats['benchmark-json'].files(judged({ pairs: 0, limits: [] }), 'bench.json'), {
    'bench.json': null,
    'bench.bigger.json': null,
  })
  assert.deepEqual(formats['benchmark-json'].beside?.('out/bench.json'), ['out/bench.bigger.json'])
})

const doubtful: [what: string, pairs: GatedPairs][] = [
  ['too few pairs', { pairs: 4, limits: [] }],
  ['a head that fails more often', { failed: 1 }],
  ['an interrupted gate', { change: { status: 'interrupted' }, planned: { ended: 'interrupted' } }],
]
for (const [what, pairs] of doubtful)
  test(`A chart over time gets no number of ${what}`, () => {
    const files = formats['benchmark-json'].files(judged(pairs), 'bench.json')
    assert.deepEqual(files, { 'bench.json': null, 'bench.bigger.json': null })
  })

test('A terminal is told the same in 80 columns', () => {
  const text = terminalText(judged(worse), 80)
  assert.ok(
    text.split('\n').every((line) => line.length <= 80),
    text,
  )
  assert.match(text, /^gate pr: head against base, 10 valid pairs \(seed 1\)\n\nbrowse\n/)
  assert.match(text, /\nregressed \(exit code 1\)\n {2}browse: target_cpu_per_op.*: regressed, \+10\.1%/)
  assert.match(
    terminalText(judged({ planned: openMargins }), 80),
    /\ninconclusive \(exit code 0, which fails a gate only with --strict\)\n/,
  )
})

test('That the head fails more often is named in every output for people', () => {
  const failing = judged({ ratio: 0.5, failed: 1 })
  const said = 'head fails more often (http_req_failed: 100% against 0%), 10 pairs'
  const xml = written('junit', failing)
  assert.match(xml, /<testcase classname="pr.browse" name="head fails no more often than base"/)
  assert.ok(xml.includes(`<failure message="${said}" type="fails more often"/>`), xml)
  assert.match(written('markdown', failing), /: fails more often\n[\s\S]*- <code>browse&#58; head fails more often /)
  assert.match(terminalText(failing, 80), /\nfails more often \(exit code 1\)\n {2}browse: head fails more often /)
  assert.deepEqual(JSON.parse(written('json', failing)).failing, [{ scenario: 'browse', text: said }])
})

/** What breaks a cell, a code span, a tag, an attribute, a comment, a terminal; mentions somebody; is no character of XML. */
const hostile = 'x|`*_[a](b)</code><img src=x>--> ]]> "\' &amp; @everyone #1\u0000\u0007\u001b[31m\u202e\ud800\n## y'

test('Nothing that comes from a config or a record is taken for markup', () => {
  const run = gatedRun(worse)
  const [gateMetric] = run.header.comparison!.metrics
  const limits = [{ ...p95, scenario: hostile }]
  const comparison = { ...run.header.comparison!, variant: hostile, metrics: [{ ...gateMetric!, scenario: hostile }] }
  const records = run.records.map((record) => ({
    ...record,
    scenario: hostile,
    variant: record.variant === 'head' ? hostile : record.variant,
    invalid: [{ code: 'trial-failed' as const, message: hostile }],
  }))
  const header = { ...run.header, comparison, gate: { ...run.header.gate!, limits } }
  const result = judgeGate({ header, records }, false)
  const text = written('markdown', result)
  for (const line of text.split('\n').filter((each) => each.startsWith('|')))
    assert.ok([9, 6].includes(line.split('|').length - 1), line)
  assert.doesNotMatch(
    text.replace(/<\/?(code|sub)>/g, ''),
    /[<>`@[\]_"']|\*(?!\*)(?<!\*\*)|\n##? |[\p{Cc}\p{Cf}\p{Cs}](?<!\n)/u,
  )
  const xml = written('junit', result)
  assert.doesNotMatch(xml, /[^\n\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u)
  const tags = xml.match(/<\/?[a-z?-]+/g)!
  assert.deepEqual([...new Set(tags)].sort(), [
    ...['</properties', '</testcase', '</testsuite', '</testsuites', '<?xml', '<error', '<properties', '<property'],
    ...['<testcase', '<testsuite', '<testsuites'],
  ])
  assert.doesNotMatch(xml.replace(/ [\w]+="[^"<>]*"/g, ''), /["'&]/)
  assert.doesNotMatch(terminalText(result, 80).replaceAll('\n', ''), /\p{Cc}/u)
})
