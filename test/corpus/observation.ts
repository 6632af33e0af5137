import type { EchoServer, ReceivedRequest } from '../support/echo-server.ts'
import type { ParseLogs } from './logs.ts'
import { type MetricSeen, readPoints } from './points.ts'
import type { CorpusScript } from './scripts.ts'
import { steadyText, withSortedKeys } from './steady.ts'

/** What a run of a script leaves behind. */
export interface Traces {
  exitCode: number | null
  stdout: string
  stderr: string
  parseLogs: ParseLogs
  server: EchoServer
  /** What `--out json` wrote. */
  points: string
  /** What `--summary-export` wrote; null where the test did not come so far. */
  summary: string | null
  files: Record<string, string | null>
}

/** What of it is compared: free of times, ports and random values. */
export interface Observation {
  exitCode: number | null
  logs: string[]
  requests: RequestSeen[]
  metrics: Record<string, MetricSeen>
  /** Metrics of the exported summary, sub-metrics too. */
  summaryMetrics: string[]
  /** As exported, k6's odd booleans: true is crossed. */
  thresholds: Record<string, boolean>
  /** Passed and failed, by path such as `::group::check`. */
  checks: Record<string, [passed: number, failed: number]>
  stdout?: string
  files: Record<string, string | null>
}

/** A request in one line, its headers in order, and its body. */
export interface RequestSeen {
  request: string
  headers: string[]
  body: string
}

export function toObservation(script: CorpusScript, traces: Traces): Observation {
  const steady = (text: string): string => steadyText(text, traces.server)
  const logs = traces.parseLogs(traces.stderr).map((line) => withSortedKeys(steady(line)))
  const summary = traces.summary === null ? { metrics: {}, root_group: emptyGroup } : JSON.parse(steady(traces.summary))
  return {
    exitCode: traces.exitCode,
    logs: script.order === 'exact' ? logs : logs.sort(),
    requests: toRequests(script, traces.server.requests, steady),
    metrics: readPoints(steady(traces.points), script),
    // Of weir's own metrics none may be there.
    summaryMetrics: Object.keys(summary.metrics)
      .filter((name) => !/^vus(_max)?$/.test(name))
      .sort(),
    thresholds: thresholdsOf(summary.metrics),
    checks: checksOf(summary.root_group),
    ...(script.comparesStdout ? { stdout: steady(traces.stdout) } : {}),
    files: Object.fromEntries(
      Object.entries(traces.files).map(([name, text]) => [name, text && withSortedKeys(steady(text))]),
    ),
  }
}

/** weir's own metrics, which k6 has not; and those of users, of which short runs of k6 have no sample. */
const notCompared =
  /^(vus|vus_max|interrupted_iterations|http_req_queued|http_req_intended_duration|http_req_retried|generator_.*)(\{|$)/

export const isCompared = (metric: string): boolean => !notCompared.test(metric)

function toRequests(
  { order }: CorpusScript,
  received: ReceivedRequest[],
  steady: (text: string) => string,
): RequestSeen[] {
  const seen = received.map((one) => toRequest(one, order === 'exact', steady))
  if (order === 'exact') return seen
  const key = order === 'user' ? userOf : (one: RequestSeen) => JSON.stringify(one)
  return seen
    .map((one, at) => ({ one, at }))
    .sort((a, b) => compareTexts(key(a.one), key(b.one)) || a.at - b.at)
    .map(({ one }) => one)
} //

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const userOf = ({ headers }: RequestSeen): string => headers.find((line) => /^x-user:/i.test(line)) ?? ''

function toRequest(received: ReceivedRequest, isInOrder: boolean, steady: (text: string) => string): RequestSeen {
  const { method, path, connection } = received
  const boundary = /boundary="?([^";]+)/.exec(received.headers.find((line) => /^content-type: /i.test(line)) ?? '')?.[1]
  const fixed = (text: string): string => steady(boundary ? text.replaceAll(boundary, 'BOUNDARY') : text)
  const body = steady(toText(boundary ? sortParts(received.body, boundary) : received.body))
  return {
    request: `${isInOrder ? `${connection}: ` : ''}${method} ${steady(path)}`,
    headers: isOnSocket(method)
      ? []
      : received.headers.map((line) => steadyHeader(fixed(line), boundary ? body.length : null)),
    body,
  }
} //

/** k6 writes the parts of a form as its language happens to order them. */
const sortParts = (body: Buffer, boundary: string): Buffer =>
  Buffer.from(body.toString('latin1').split(`--${boundary}`).sort().join('--BOUNDARY'), 'latin1')

const isOnSocket = (method: string): boolean => method === 'message' || method === 'close'

const toText = (body: Buffer): string => {
  const text = body.toString('utf8')
  return Buffer.from(text).equals(body) ? text : `base64:${body.toString('base64')}`
}

function steadyHeader(line: string, multipartLength: number | null): string {
  if (/^sec-websocket-key: /i.test(line)) return line.replace(/: .*/, ': KEY')
  if (/^content-length: /i.test(line) && multipartLength !== null) return `${line.split(':')[0]}: ${multipartLength}`
  return line
}

interface Group {
  groups: Record<string, Group>
  checks: Record<string, { path: string; passes: number; fails: number }>
}

const emptyGroup: Group = { groups: {}, checks: {} }

function checksOf(group: Group): Observation['checks'] {
  const own = Object.values(group.checks).map(({ path, passes, fails }) => [path, [passes, fails]])
  return Object.assign(Object.fromEntries(own), ...Object.values(group.groups).map(checksOf))
}

function thresholdsOf(metrics: Record<string, { thresholds?: Record<string, boolean> }>): Observation['thresholds'] {
  const entries = Object.entries(metrics).flatMap(([metric, { thresholds = {} }]) =>
    Object.entries(thresholds).map(([expression, isCrossed]) => [`${metric}: ${expression}`, isCrossed]),
  )
  return Object.fromEntries(entries)
}
