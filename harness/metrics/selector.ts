import { UserError } from '../errors.ts'
import { normaliseStat, statsInWords } from './stat.ts'

/** A metric, narrowed to the samples that carry these tags: k6's sub-metric. No tags: all samples. */
export interface SubMetric {
  metric: string
  tags: Record<string, string>
}

/** One number: a statistic of a metric or sub-metric. */
export interface Selector extends SubMetric {
  stat: string
}

/** k6's rule for names. */
const metricName = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/

/**
 * Reads `turn_intended_duration{scenario:paced} p(50)`: metric, tags in k6's sub-metric syntax, statistic.
 *
 * @throws UserError with the place (column, 1-based) and what was expected there
 */
export function parseSelector(text: string): Selector {
  const end = endOfSubMetric(text)
  const subMetric = parseSubMetric(text.slice(0, end))
  const statText = text.slice(end).trim()
  const stat = normaliseStat(statText)
  if (stat === null) {
    const column = end + text.slice(end).search(/\S|$/) + 1
    throw malformed(text, column, `a statistic after a space (${statsInWords})`, statText)
  }
  return { ...subMetric, stat }
}

/**
 * The same of what records hold: numbers of a k6 scenario or a phase, and of no other part.
 *
 * @throws UserError for other tags too
 */
export const parseRecordedSelector = (text: string): Selector => assertRecorded(parseSelector(text))

/** Reads `http_req_duration{scenario:paced}` for what records hold. @throws UserError as `parseRecordedSelector` does */
export const parseRecordedSubMetric = (text: string): SubMetric => assertRecorded(parseSubMetric(text))

function assertRecorded<Parsed extends SubMetric>(parsed: Parsed): Parsed {
  const other = Object.keys(parsed.tags).find((tag) => tag !== 'scenario' && tag !== 'phase')
  if (other === undefined) return parsed
  throw new UserError(
    `"${printSubMetric(parsed)}": records have numbers by {scenario:...} and {phase:...} only, and none by {${other}:...}`,
  )
}

/** Tag values may hold spaces and braces, so the sub-metric ends at the last brace; without any, at the first space. */
function endOfSubMetric(text: string): number {
  const brace = text.lastIndexOf('}')
  if (brace >= 0) return brace + 1
  const space = text.trimStart().search(/\s/)
  return space < 0 ? text.length : text.length - text.trimStart().length + space
}

/**
 * Reads the left-hand side of a k6 threshold: `http_req_duration` or `http_req_duration{scenario:a,name:"b, c"}`.
 * Quotes around a tag or value are optional and not part of it; a value that holds a comma needs them.
 *
 * @throws UserError with the place and what was expected
 */
export function parseSubMetric(text: string): SubMetric {
  const open = text.indexOf('{')
  const metric = (open < 0 ? text : text.slice(0, open)).trim()
  if (!metricName.test(metric)) {
    const expected = 'a metric name (ASCII letters, digits and _, not beginning with a digit)'
    throw malformed(text, text.search(/\S|$/) + 1, expected, metric)
  }
  if (open < 0) return { metric, tags: {} }
  const trimmed = text.trimEnd()
  if (!trimmed.endsWith('}')) throw malformed(text, trimmed.length + 1, '"}" after the tags', '')
  return { metric, tags: parseTags(text, open + 1, trimmed.length - 1) }
}

function parseTags(text: string, start: number, end: number): Record<string, string> {
  const tags: Record<string, string> = {}
  let at = start
  for (const item of splitOutsideQuotes(text.slice(start, end))) {
    const colon = item.indexOf(':')
    const key = unquote(item.slice(0, Math.max(colon, 0)))
    const rawValue = item.slice(colon + 1).trim()
    if (colon < 0 || key === '' || rawValue === '') {
      throw malformed(text, at + item.search(/\S|$/) + 1, 'tag:value (several with commas between)', item.trim())
    }
    tags[key] = unquote(rawValue)
    at += item.length + 1
  }
  return tags
}

/** Splits at commas; a comma inside a quoted value is part of the value. A quote opens only where a value begins. */
function splitOutsideQuotes(text: string): string[] {
  const items = ['']
  let quote = ''
  for (const char of text) {
    const item = items[items.length - 1]!
    if (quote === '' && char === ',') {
      items.push('')
      continue
    }
    if (quote !== '' ? char === quote : (char === '"' || char === "'") && /(^|:)\s*$/.test(item)) {
      quote = quote === '' ? char : ''
    }
    items[items.length - 1] = item + char
  }
  return items
}

const unquote = (text: string): string => text.trim().replace(/^["']+|["']+$/g, '')

const malformed = (text: string, column: number, expected: string, found: string): UserError =>
  new UserError(`"${text}", column ${column}: expected ${expected}, found ${found === '' ? 'nothing' : `"${found}"`}`)

/** `turn_intended_duration{scenario:paced}`: what `parseSubMetric` reads back. */
export function printSubMetric({ metric, tags }: SubMetric): string {
  const items = Object.entries(tags).map(([key, value]) => `${key}:${printValue(value)}`)
  return items.length === 0 ? metric : `${metric}{${items.join(',')}}`
}

/** `turn_intended_duration{scenario:paced} p(50)`: what `parseSelector` reads back. */
export const printSelector = (selector: Selector): string => `${printSubMetric(selector)} ${selector.stat}`

function printValue(value: string): string {
  const isPlain = value !== '' && value === value.trim() && !/[,"']/.test(value)
  return isPlain ? value : value.includes('"') ? `'${value}'` : `"${value}"`
}
