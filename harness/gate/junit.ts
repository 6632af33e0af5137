import type { Failing } from './failing.ts'
import type { LimitResult } from './limits.ts'
import { type FindingKind, kindOfComparison, kindOfLimit } from './outcome.ts'
import type { Format } from './port.ts'
import type { GatedComparison, GateResult } from './result.ts'
import { comparisonInWords, limitInWords } from './words.ts'

/** One test case for each gate metric and each limit, one for the run as a whole, and one for each way in which the head fails. */
export const junit: Format = {
  purpose: 'JUnit XML: a test case for each gate metric and limit',
  files: (result, file) => ({ [file]: document(result) }),
}

interface TestCase {
  scenario: string
  name: string
  kind: FindingKind | null
  text: string
}

/** How a test case ends that did not pass; what is not decided fails only where the gate is strict. */
const elementOf = (kind: FindingKind, isStrict: boolean): 'error' | 'failure' | 'skipped' => {
  if (kind === 'invalid' || kind === 'interrupted') return 'error'
  return kind === 'inconclusive' && !isStrict ? 'skipped' : 'failure'
}

function document(result: GateResult): string {
  const cases = [
    ofRun(result),
    ...result.failing.map(ofFailing(result)),
    ...result.comparisons.map(ofComparison(result)),
    ...result.limits.map(ofLimit),
  ]
  const elements = cases.map(({ kind }) => (kind === null ? null : elementOf(kind, result.isStrict)))
  const count = (element: string) => elements.filter((each) => each === element).length
  const counts = { tests: cases.length, failures: count('failure'), errors: count('error'), skipped: count('skipped') }
  const time = { time: secondsOf(result) }
  const suite = { name: `weir gate ${result.gate}`, ...counts, ...time, timestamp: result.startedAt.slice(0, 19) }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'weir', ...counts, ...time })}>`,
    `  <testsuite${attributes(suite)}>`,
    ...properties(result),
    ...cases.map((each, at) => testCase(each, elements[at]!, result.gate)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function properties({ run, base, head, seed, outcome, exitCode, environment }: GateResult): string[] {
  const { fingerprint, node } = environment
  const values = { run, base, head, seed, outcome, exitCode, fingerprint, node, commit: environment.git?.commit ?? '' }
  return [
    '    <properties>',
    ...Object.entries(values).map(([name, value]) => `      <property${attributes({ name, value })}/>`),
    '    </properties>',
  ]
}

/** What it could not use stands in the output of its case. */
const ofRun = ({ findings, gate, excluded }: GateResult): TestCase => {
  const cut = findings.find(({ kind }) => kind === 'interrupted')
  const notUsed = excluded.map(({ scenario, reason }) => `${scenario}: ${reason}`).join('; ')
  return { scenario: '', name: `gate ${gate} runs to its end`, kind: cut?.kind ?? null, text: cut?.text ?? notUsed }
}

const ofFailing =
  ({ base, head }: GateResult) =>
  ({ scenario, text }: Failing): TestCase => ({
    scenario,
    name: `${head} fails no more often than ${base}`,
    kind: 'fails more often',
    text,
  })

const ofComparison =
  ({ base, head }: GateResult) =>
  (comparison: GatedComparison): TestCase => ({
    scenario: comparison.scenario,
    name: `${comparison.metric}: ${head} against ${base}`,
    kind: kindOfComparison(comparison),
    text: comparisonInWords(comparison),
  })

const ofLimit = (limit: LimitResult): TestCase => ({
  scenario: limit.scenario,
  name: `${limit.metric}: ${limit.expression}`,
  kind: kindOfLimit(limit),
  text: limitInWords(limit),
})

function testCase({ scenario, name, kind, text }: TestCase, element: string | null, gate: string): string {
  const classname = [gate, scenario].filter(Boolean).join('.')
  const start = `    <testcase${attributes({ classname, name, time: '0' })}>`
  const body = element === null ? `<system-out>${xmlText(text)}</system-out>` : outcome(element, kind, text)
  return text === '' ? start.replace(/>$/, '/>') : `${start}\n      ${body}\n    </testcase>`
}

const outcome = (element: string, kind: FindingKind | null, text: string): string =>
  `<${element}${attributes({ message: text, ...(element === 'skipped' ? {} : { type: kind ?? '' }) })}/>`

const secondsOf = ({ startedAt, finishedAt }: GateResult): string => {
  const ms = finishedAt === null ? 0 : Date.parse(finishedAt) - Date.parse(startedAt)
  return (Number.isFinite(ms) ? ms / 1000 : 0).toFixed(3)
}

const attributes = (values: Record<string, string | number>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${xmlText(String(value))}"`)
    .join('')

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** XML 1.0 knows no control characters and no half of a surrogate pair, however they are written. */
const forbidden = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu

/** A text as a part of an element or attribute, on one line. */
const xmlText = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(forbidden, '\u{FFFD}')
    .replace(/[&<>"']/g, (char) => entities[char]!)
