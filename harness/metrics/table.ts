/**
 * The table of metrics: one row a metric. Summary, comparison and report iterate over it, so a new metric is one new
 * row here and one place that observes it. Metrics that a script declares itself have no row; `describeMetric` gives
 * them one from their type.
 */

/** trend: a distribution. counter: a sum and its rate. gauge: a last value. rate: a share of yes among yes and no. value: one number a trial. */
export type MetricKind = 'trend' | 'counter' | 'gauge' | 'rate' | 'value'
export type Better = 'lower' | 'higher' | 'none'
/**
 * Who observes it: k6 = the engine on behalf of the script; script = declared by the script; generator = whatever makes the
 * load, of itself: it tells whether numbers may be trusted, and never what a variant is like.
 */
export type MetricSource = 'k6' | 'script' | 'engine' | 'target' | 'outside' | 'generator' | 'service'
export type Unit =
  | 'ms'
  | 'ns'
  | 'count'
  | 'per second'
  | 'bytes'
  | 'MB'
  | 'KB'
  | 'share'
  | 'percent'
  | 'instructions'
  | 'none'

export interface MetricRow {
  name: string
  /** For people: a short noun phrase without the unit. */
  label: string
  kind: MetricKind
  unit: Unit
  better: Better
  source: MetricSource
  /** Trends: the unit of values is ms, recorded in microseconds. */
  isTime?: boolean
  /** Tells whether the report's table of all figures shows it among the first ("headline") or below the fold ("detail"). */
  rank: 'headline' | 'detail'
}

type RowTuple = [
  name: string,
  label: string,
  kind: MetricKind,
  unit: Unit,
  better: Better,
  rank?: 'headline' | 'detail',
]

const rows = (source: MetricSource, tuples: RowTuple[]): MetricRow[] =>
  tuples.map(([name, label, kind, unit, better, rank]) => ({
    name,
    label,
    kind,
    unit,
    better,
    source,
    rank: rank ?? 'detail',
    ...(kind === 'trend' ? { isTime: unit === 'ms' } : {}),
  }))

export const metricTable: readonly MetricRow[] = [
  ...rows('engine', [
    ['throughput', 'Operations', 'value', 'per second', 'higher', 'headline'],
    ['time_per_op', 'Time of an operation by itself', 'value', 'ns', 'lower', 'headline'],
    ['bytes_per_op', 'Allocation of an operation by itself', 'value', 'bytes', 'lower', 'headline'],
    ['ops_per_second', 'Operations by themselves, of all threads', 'value', 'per second', 'higher'],
  ]),
  ...rows('k6', [
    ['http_reqs', 'HTTP requests', 'counter', 'count', 'higher'],
    ['http_req_duration', 'HTTP service time', 'trend', 'ms', 'lower'],
    ['http_req_blocked', 'HTTP wait for a connection slot', 'trend', 'ms', 'lower'],
    ['http_req_connecting', 'TCP connect', 'trend', 'ms', 'lower'],
    ['http_req_tls_handshaking', 'TLS handshake', 'trend', 'ms', 'lower'],
    ['http_req_sending', 'HTTP sending', 'trend', 'ms', 'lower'],
    ['http_req_waiting', 'HTTP time to first byte', 'trend', 'ms', 'lower'],
    ['http_req_receiving', 'HTTP receiving', 'trend', 'ms', 'lower'],
    ['http_req_failed', 'HTTP requests failed', 'rate', 'share', 'lower', 'headline'],
    ['ws_sessions', 'WebSocket sessions', 'counter', 'count', 'higher'],
    ['ws_connecting', 'WebSocket connect', 'trend', 'ms', 'lower'],
    ['ws_session_duration', 'WebSocket session length', 'trend', 'ms', 'none'],
    ['ws_msgs_sent', 'WebSocket messages sent', 'counter', 'count', 'none'],
    ['ws_msgs_received', 'WebSocket messages received', 'counter', 'count', 'none'],
    ['ws_ping', 'WebSocket ping', 'trend', 'ms', 'lower'],
    ['sse_event', 'SSE events received', 'counter', 'count', 'none'],
    ['iterations', 'Iterations', 'counter', 'count', 'higher'],
    ['iteration_duration', 'Iteration length', 'trend', 'ms', 'lower'],
    ['dropped_iterations', 'Dropped iterations', 'counter', 'count', 'lower', 'headline'],
    ['group_duration', 'Group length', 'trend', 'ms', 'lower'],
    ['checks', 'Checks passed', 'rate', 'share', 'higher', 'headline'],
    ['vus', 'Active virtual users', 'gauge', 'count', 'none'],
    ['vus_max', 'Allocated virtual users', 'gauge', 'count', 'none'],
    ['data_sent', 'Data sent', 'counter', 'bytes', 'none'],
    ['data_received', 'Data received', 'counter', 'bytes', 'none'],
  ]),
  ...rows('engine', [
    ['http_req_queued', 'HTTP lateness: intended start to handed to the socket', 'trend', 'ms', 'lower'],
    ['http_req_intended_duration', 'HTTP time from intended start', 'trend', 'ms', 'lower'],
    ['ws_sessions_open', 'WebSocket sessions open', 'gauge', 'count', 'none'],
    ['interrupted_iterations', 'Interrupted iterations', 'counter', 'count', 'lower'],
    ['http_req_retried', 'HTTP requests sent again on a stale connection', 'counter', 'count', 'lower'],
    ['connections_missing', 'Connections that were not open when the measuring began', 'counter', 'count', 'lower'],
    ['http_req_lost', 'HTTP requests that autocannon lost track of', 'counter', 'count', 'lower'],
  ]),
  ...rows('target', [
    ['target_event_loop_delay', 'Event-loop delay', 'trend', 'ms', 'lower', 'headline'],
    ['target_event_loop_utilization', 'Event-loop utilisation', 'value', 'share', 'lower'],
    ['target_gc_pause_total', 'GC pauses, sum', 'value', 'ms', 'lower'],
    ['target_gc_pause_max', 'GC pause, longest', 'value', 'ms', 'lower'],
    ['target_gc_pause', 'GC pauses', 'gauge', 'ms', 'lower'],
    ['target_heap_used', 'Heap used', 'gauge', 'MB', 'lower'],
    ['target_heap_used_peak', 'Heap used, peak', 'value', 'MB', 'lower'],
  ]),
  ...rows('outside', [
    ['target_boot', 'Boot: spawn to ready', 'value', 'ms', 'lower', 'headline'],
    ['target_cpu_per_op', 'CPU per operation', 'value', 'ms', 'lower', 'headline'],
    ['target_instructions_per_op', 'Instructions per operation', 'value', 'instructions', 'lower', 'headline'],
    ['target_cpu_between', 'CPU while another server had its turn, share of a core', 'value', 'share', 'lower'],
    ['target_core_busy', 'Core busy, share of those that it has', 'value', 'share', 'none'],
    ['target_cpu_wait', 'Wait for a CPU that served others', 'value', 'share', 'lower'],
    ['target_cpu_stolen', 'Taken from its cores by the machine’s host', 'value', 'share', 'none'],
    ['target_cpu', 'CPU, share of a core', 'gauge', 'share', 'none'],
    ['target_rss', 'Memory (RSS)', 'gauge', 'MB', 'lower'],
    ['target_rss_peak', 'Memory (RSS), peak', 'value', 'MB', 'lower', 'headline'],
    ['target_rss_mean', 'Memory (RSS), mean', 'value', 'MB', 'lower'],
    ['target_rss_per_session', 'Memory per session: (RSS at N - RSS at 0) / N', 'value', 'KB', 'lower', 'headline'],
    ['target_threads', 'Threads, peak', 'value', 'count', 'none'],
    ['target_descriptors', 'Descriptors, peak', 'value', 'count', 'none'],
    ['target_context_switches', 'Involuntary context switches', 'value', 'count', 'lower'],
  ]),
  ...rows('generator', [
    ['generator_lateness', 'Generator lateness', 'trend', 'ms', 'lower'],
    ['generator_event_loop_delay', 'Generator event-loop delay', 'trend', 'ms', 'lower'],
    ['generator_utilization', 'Generator event-loop utilisation', 'value', 'share', 'lower'],
    ['generator_cpu', 'Generator CPU', 'value', 'ms', 'lower'],
    ['generator_gc_pause_max', 'Generator GC pause, longest', 'value', 'ms', 'lower'],
    ['generator_rss', 'Generator memory (RSS)', 'gauge', 'MB', 'lower'],
    ['generator_rss_peak', 'Generator memory (RSS), peak', 'value', 'MB', 'lower'],
    ['generator_rss_per_user', 'Generator memory per user', 'value', 'KB', 'lower'],
    ['micro_doubling_ratio', 'Twice the work takes so many times as long', 'value', 'none', 'none', 'headline'],
    ['micro_empty_loop', 'A round of the empty loop', 'value', 'ns', 'none'],
    ['micro_ops_per_sample', 'Operations of a sample', 'value', 'count', 'none'],
  ]),
  ...rows('service', [['service_lateness', 'Service lateness: scheduled to actual emission', 'trend', 'ms', 'lower']]),
]

const rowsByName = new Map(metricTable.map((row) => [row.name, row]))

/** What a script's own metric declared of itself. */
export interface DeclaredMetric {
  name: string
  kind: MetricKind
  isTime?: boolean
  /** As the script says; absent: as its type tells. */
  better?: Better
}

/** The row of a metric: from the table, or for a metric that a script declared, made from its type. */
export function describeMetric(metric: string | DeclaredMetric): MetricRow {
  const declared = typeof metric === 'string' ? undefined : metric
  const name = typeof metric === 'string' ? metric : metric.name
  const row = rowsByName.get(name)
  if (row) return row
  const kind = declared?.kind ?? 'value'
  const isTime = declared?.isTime ?? false
  return {
    name,
    label: name.replaceAll('_', ' '),
    kind,
    unit:
      kind === 'trend' ? (isTime ? 'ms' : 'none') : kind === 'rate' ? 'share' : kind === 'counter' ? 'count' : 'none',
    better: declared?.better ?? (isTime || name.endsWith('_failed') ? 'lower' : 'none'),
    source: 'script',
    rank: isTime || kind === 'rate' ? 'headline' : 'detail',
    ...(kind === 'trend' ? { isTime } : {}),
  }
}
