import type { Observation } from './observation.ts'

export interface Difference {
  /** Such as `exit code`, `request 2 headers`, `samples of http_reqs group="" ...`. */
  what: string
  k6: string
  weir: string
}

/** Everything in which two runs differ. */
export function differences(k6: Observation, weir: Observation): Difference[] {
  const [expected, found] = [facts(k6), facts(weir)]
  const names = new Set([...expected.keys(), ...found.keys()])
  return [...names]
    .map((what) => ({ what, k6: expected.get(what) ?? 'nothing', weir: found.get(what) ?? 'nothing' }))
    .filter(({ k6, weir }) => k6 !== weir)
}

/** An observation as a flat table: what -> value. */
function facts(seen: Observation): Map<string, string> {
  const table = new Map<string, string>([['exit code', String(seen.exitCode)]])
  for (const [at, line] of seen.logs.entries()) table.set(`log ${at + 1}`, line)
  for (const [at, { request, headers, body }] of seen.requests.entries()) {
    table.set(`request ${at + 1}`, request)
    table.set(`request ${at + 1} headers`, headers.join('\n'))
    table.set(`request ${at + 1} body`, body)
  }
  for (const [name, { samples, ...shape }] of Object.entries(seen.metrics)) {
    table.set(`metric ${name}`, JSON.stringify(shape))
    for (const [tags, values] of Object.entries(samples)) table.set(`samples of ${name} ${tags}`, values)
  }
  for (const name of seen.summaryMetrics) table.set(`in summary: ${name}`, 'yes')
  for (const [name, isCrossed] of Object.entries(seen.thresholds)) table.set(`threshold ${name}`, String(isCrossed))
  for (const [path, counts] of Object.entries(seen.checks)) table.set(`check ${path}`, counts.join(' passed, '))
  if (seen.stdout !== undefined) table.set('stdout', seen.stdout)
  for (const [name, text] of Object.entries(seen.files)) table.set(`file ${name}`, String(text))
  return table
}

/** For people. */
export const describeDifferences = (list: readonly Difference[]): string =>
  list.map(({ what, k6, weir }) => `${what}\n    k6:   ${indent(k6)}\n    weir: ${indent(weir)}`).join('\n')

const indent = (text: string): string => text.replaceAll('\n', '\n          ')
