/**
 * What four published write-ups claim of these optimisations, by the row of the list of claims (reference-server/parts.ts
 * tells where each lives):
 *
 *   S1   Fana AI v0.5.7, a chat service in Rust
 *   S2   "10K concurrent sessions", a chat back end in Python
 *   S3   the optimisations of the Hermes agent gateway, in Python
 *   S4   the plan of brummer, which keeps the state of processes in Go
 *
 * A ratio is the variant, which undoes the optimisation, divided by `optimized`.
 */

const undone = {
  /** The variant takes longer, or costs more. */
  more: { ratio: { above: 1 } },
  less: { ratio: { below: 1 } },
}

const pacedMedian = 'turn_intended_duration{scenario:paced} p(50)'
const pacedCpu = 'target_cpu_per_op{phase:paced} value'
const capacity = 'throughput{phase:capacity} value'
const timePerOp = 'time_per_op value'

/** "40% less memory" of whoever has the optimisation. */
const fortyPercentLess = { ratio: { atLeast: 1 / 0.6 } }

const delivery = [
  {
    ...{ id: 'one-shot-delivery', row: 1, scenario: 'paced-turns', variant: 'polling', metric: pacedMedian },
    statement: 'A one-shot channel in place of a polled cache "eliminated polling delays" (S1)',
    claimed: undone.more,
  },
  {
    ...{ id: 'one-shot-cpu', row: 1, scenario: 'paced-turns', variant: 'polling', metric: pacedCpu },
    statement: 'A one-shot channel in place of a polled cache costs less CPU (S1)',
    claimed: undone.more,
  },
  {
    ...{ id: 'direct-proxy', row: 2, scenario: 'proxy', variant: 'proxy-polling' },
    statement: 'What is passed through is forwarded at once, not through a polled cache (S1)',
    metric: 'http_req_duration{scenario:paced} p(50)',
    claimed: undone.more,
  },
  {
    ...{ id: 'bounded-memory', row: 3, scenario: 'burst', variant: 'unbounded-admission' },
    statement: 'A bound on turns in flight gives "better concurrency control" (S1): memory at its peak',
    metric: 'target_rss_peak{phase:burst} value',
    claimed: undone.more,
  },
  {
    ...{ id: 'bounded-tail', row: 3, scenario: 'burst', variant: 'unbounded-admission' },
    statement: 'A bound on turns in flight gives "better concurrency control" (S1): p99 of the turns that are admitted',
    metric: 'admitted_turn_duration{scenario:burst} p(99)',
    claimed: undone.more,
    note: 'Of the turns beyond the bound, which are refused, nothing is in this number: see turns_refused.',
  },
  {
    ...{ id: 'background-context', row: 4, scenario: 'paced-turns', variant: 'inline-context', metric: pacedMedian },
    statement: 'A context that is updated after the reply holds no reply up (S1)',
    claimed: undone.more,
  },
]

const clients = [
  {
    ...{ id: 'pooled-client-cpu', row: 5, scenario: 'turns', variant: 'per-call-client', metric: pacedCpu },
    statement: 'One pooled client saves a TLS handshake a call (S2, S3): CPU of a turn',
    claimed: undone.more,
  },
  {
    ...{ id: 'pooled-client-capacity', row: 5, scenario: 'turns', variant: 'per-call-client', metric: capacity },
    statement: 'One pooled client saves a TLS handshake a call (S2, S3): capacity',
    claimed: undone.less,
  },
  {
    ...{ id: 'pooled-tool-host', row: 5, scenario: 'http-tools', variant: 'per-call-tool-host' },
    statement: 'A pool of connections to the host of tools saves one a call (S3): CPU of a turn',
    metric: 'target_cpu_per_op{phase:own} value',
    claimed: undone.more,
    note: 'Twenty of 22 operations a second ask the host; the others look at the gateway. Over plain HTTP there is no TLS handshake to save.',
  },
  {
    ...{
      id: 'pooled-knowledge',
      row: 6,
      scenario: 'paced-turns',
      variant: 'per-call-knowledge-client',
      metric: pacedCpu,
    },
    statement: 'One pooled client of the knowledge base saves a connection a call (S2): CPU of a turn',
    claimed: undone.more,
  },
  ...[100, 300].map((inFlight) => ({
    ...{ id: `wide-pool-${inFlight}`, row: 7, scenario: `in-flight-${inFlight}`, variant: 'small-db-pool' },
    statement: `15 connections to the database run out at about 100 turns in flight (S2): p99 with ${inFlight}`,
    metric: 'turn_intended_duration{scenario:crowd} p(99)',
    claimed: undone.more,
    note: 'The model takes 500 ms a turn. A turn holds a connection for its own two reads, not while the model answers.',
  })),
]

const redis = [
  {
    ...{ id: 'shared-listener', row: 8, scenario: 'waiting-tools', variant: 'optimized', metric: 'listeners max' },
    statement: 'One subscription for all calls that wait, however many: O(1) listeners a process (S2)',
    claimed: { value: { atMost: 2 } },
    note: 'At most, with 100 people. One listener is for tool results, the other for interrupts.',
  },
  {
    ...{ id: 'listener-per-call', row: 8, scenario: 'waiting-tools', variant: 'listener-per-call' },
    statement: 'With a subscription for each call that waits listeners grow with the calls: O(N) (S2)',
    metric: 'listeners max',
    claimed: { ratio: { atLeast: 10 } },
    note: 'At most, with 100 people: ten times is the least that would count as growing with them.',
  },
  {
    ...{ id: 'shared-listener-cpu', row: 8, scenario: 'waiting-tools', variant: 'listener-per-call' },
    statement: 'One subscription for all calls that wait costs less than one each (S2): CPU of a turn',
    metric: 'target_cpu_per_op{phase:client} value',
    claimed: undone.more,
  },
  {
    ...{ id: 'shared-rate-limit', row: 9, scenario: 'rate-limit', variant: 'optimized' },
    statement: 'A window in Redis lets through what is allowed, however many workers there are (S2)',
    metric: 'let_through_of_allowed count',
    claimed: { value: { from: 0.95, to: 1.05 } },
    note: 'Turns let through, divided by those allowed, with 4 workers.',
  },
  {
    ...{ id: 'local-rate-limit', row: 9, scenario: 'rate-limit', variant: 'local-rate-limit' },
    statement: 'Windows of each worker let through as many times too much as there are workers (S2)',
    metric: 'let_through_of_allowed count',
    claimed: { value: { from: 3.8, to: 4.2 } },
    note: 'With 4 workers, of six times as many turns as are allowed.',
  },
]

const database = [
  {
    ...{ id: 'cached-organisation', row: 10, scenario: 'paced-turns', variant: 'optimized' },
    statement: 'The organisation of an app is read once a process (S2)',
    metric: 'organisation_reads max',
    claimed: { value: { equals: 2 } },
    note: 'Two apps use the gateway.',
  },
  {
    ...{ id: 'uncached-organisation', row: 10, scenario: 'paced-turns', variant: 'uncached-org' },
    statement: 'Without a cache the organisation is read at every model call (S2)',
    metric: 'organisation_reads_per_turn max',
    claimed: { value: { from: 0.99, to: 1.01 } },
  },
  {
    ...{ id: 'four-workers', row: 11, scenario: 'workers', variant: 'four-workers', metric: capacity },
    statement: 'Several workers on one port scale (S2): capacity of four against one',
    claimed: undone.more,
    needs: ['six-cores'],
  },
  {
    ...{ id: 'active-index', row: 12, scenario: 'session-reuse', variant: 'no-active-index' },
    statement: 'A partial index over active sessions makes the look-up faster (S2)',
    metric: 'look_up_duration{scenario:devices} p(50)',
    claimed: undone.more,
    note: 'Among 100,000 past sessions of 500 devices; from the request that should be sent to its answer.',
  },
  {
    ...{ id: 'logged-expiry', row: 13, scenario: 'database-failure', variant: 'optimized' },
    statement: 'A background expiry that fails says so (S2)',
    metric: 'expiry_failures_told max',
    claimed: { value: { atLeast: 1 } },
    note: 'Failures that were logged in the 8 s without the database.',
  },
  {
    ...{ id: 'silent-expiry', row: 13, scenario: 'database-failure', variant: 'silent-expiry' },
    statement: 'Before, none of its failures was logged (S2)',
    metric: 'expiry_failures_told max',
    claimed: { value: { equals: 0 } },
  },
  {
    ...{ id: 'expiry-back-off', row: 13, scenario: 'database-failure', variant: 'silent-expiry' },
    statement: 'Exponential back-off leaves a database alone that does not answer (S2): attempts a minute',
    metric: 'expiry_attempts_per_minute max',
    claimed: undone.more,
  },
  {
    ...{ id: 'batched-writes', row: 19, scenario: 'turns', variant: 'unbatched-writes', metric: capacity },
    statement: 'Batched writes are part of "10x throughput" (S3): capacity',
    claimed: undone.less,
  },
  {
    ...{ id: 'batched-writes-stall', row: 19, scenario: 'turns', variant: 'unbatched-writes' },
    statement: 'Batched writes hold the event loop up less (S3): its longest delay',
    metric: 'target_event_loop_delay{phase:paced} max',
    claimed: undone.more,
  },
]

const tools = [
  {
    ...{ id: 'shared-pool', row: 16, scenario: 'blocking-tools', variant: 'pool-per-call' },
    statement: 'One pool of threads for all tools saves making one a call (S3): CPU of a turn',
    metric: 'target_cpu_per_op{phase:own} value',
    claimed: undone.more,
    note: 'Ten of twelve operations a second compute; the others look at the gateway.',
  },
  {
    ...{ id: 'lazy-tools', row: 17, scenario: 'boot', variant: 'eager-tools', metric: 'target_boot value' },
    statement: 'Tools that are loaded when first used make start-up three times as fast (S3)',
    claimed: { ratio: { atLeast: 3 } },
  },
  {
    ...{ id: 'bounded-agents', row: 18, scenario: 'distinct-agents', variant: 'unbounded-cache' },
    statement: 'A bounded cache of agents takes 40% less memory (S3)',
    metric: 'target_rss_mean{phase:end} value',
    claimed: fortyPercentLess,
    note: 'After 1,000 agents, of which the bounded cache keeps 100.',
  },
  {
    ...{ id: 'background-memory', row: 28, scenario: 'boot', variant: 'blocking-memory-init' },
    statement: 'A memory client that gets ready in the background does not hold up the first turn (S3)',
    metric: 'first_turn_duration p(50)',
    claimed: undone.more,
    note: 'One first turn a trial; the memory service takes 300 ms to get ready.',
  },
]

const files = [
  {
    ...{ id: 'session-log-stall', row: 20, scenario: 'paced-turns', variant: 'sync-session-log' },
    statement: 'A session log written on the event loop blocks it for 5 to 20 ms a write (S3)',
    metric: 'target_event_loop_delay{phase:paced} p(99)',
    claimed: { difference: { from: 5, to: 20 } },
    note: 'How much larger the p99 of event-loop delay is; 250 turns a second write the log as often.',
  },
  {
    ...{ id: 'throttled-session-log', row: 20, scenario: 'paced-turns', variant: 'optimized' },
    statement: 'Ten rapid calls make one or two writes of the session log (S3)',
    metric: 'session_log_writes_per_turn max',
    claimed: { value: { atMost: 0.2 } },
    note: 'Writes a turn: the rapid calls are those of the whole load.',
  },
  {
    ...{ id: 'session-log-writes', row: 20, scenario: 'paced-turns', variant: 'sync-session-log' },
    statement: 'Before, ten rapid calls made ten writes of the session log (S3)',
    metric: 'session_log_writes_per_turn max',
    claimed: { value: { from: 0.99, to: 1.01 } },
  },
  {
    ...{ id: 'cached-hydration', row: 21, scenario: 'long-histories', variant: 'rescan-history', metric: pacedCpu },
    statement: 'A list of to-dos that is scanned once and kept is O(1) in the history, not O(n) (S3): CPU of a turn',
    claimed: undone.more,
    note: 'With 2,000 messages a session, whole turns.',
  },
  {
    ...{ id: 'cached-look-up', row: 21, scenario: 'micro-hydration', variant: 'optimized', metric: timePerOp },
    statement: 'A list of to-dos that is kept is looked up in less than a microsecond (S3)',
    claimed: { value: { below: 1000 } },
  },
]

const streams = [
  {
    ...{ id: 'interrupt-polling', row: 22, scenario: 'interrupts', variant: 'interrupt-polling-300' },
    statement: 'Looking for interrupts every 50 ms instead of every 300 ms is six times as fast (S3)',
    against: 'interrupt-polling-50',
    metric: 'interrupt_to_abort{scenario:impatient} p(50)',
    claimed: { ratio: { atLeast: 6 } },
    note: 'From the interrupt to the moment in which the model sees its call given up.',
  },
  {
    ...{ id: 'interrupt-signal', row: 22, scenario: 'interrupts', variant: 'interrupt-polling-50' },
    statement: 'A signal is faster than looking every 50 ms (the gateway’s own, beyond S3)',
    metric: 'interrupt_to_abort{scenario:impatient} p(50)',
    claimed: undone.more,
  },
  {
    ...{ id: 'event-driven-stream', row: 23, scenario: 'few-streams', variant: 'optimized' },
    statement: 'Event-driven streams bring at least 100 updates a second (S3)',
    metric: 'updates_per_second{scenario:readers} p(50)',
    claimed: { value: { atLeast: 100 } },
    note: 'Each of 20 people, of 200 tokens a second.',
  },
  {
    ...{ id: 'polled-stream', row: 23, scenario: 'few-streams', variant: 'stream-polling' },
    statement: 'Polled streams bring 20 updates a second (S3)',
    metric: 'updates_per_second{scenario:readers} p(50)',
    claimed: { value: { from: 19, to: 21 } },
    note: 'Each of 20 people, of 200 tokens a second.',
  },
]

/** A read, a write or a look-up by itself, tens of thousands at a time: nothing that a whole turn could show. */
const state = [
  {
    ...{ id: 'snapshot-read-ratio', row: 25, scenario: 'micro-state-read', variant: 'mutex', metric: timePerOp },
    statement: 'A read of session state is 30 to 300 times as fast as behind a mutex (S4)',
    claimed: { ratio: { from: 30, to: 300 } },
  },
  {
    ...{ id: 'snapshot-read', row: 25, scenario: 'micro-state-read', variant: 'optimized', metric: timePerOp },
    statement: 'A read of session state takes 0.54 ns (S4)',
    claimed: { value: { atMost: 0.54 } },
  },
  {
    ...{ id: 'snapshot-write', row: 25, scenario: 'micro-state-write', variant: 'optimized', metric: timePerOp },
    statement: 'A write of session state takes 51 ns (S4)',
    claimed: { value: { atMost: 51 } },
  },
  {
    ...{ id: 'snapshot-allocation', row: 25, scenario: 'micro-state-read', variant: 'optimized' },
    statement: 'A read of session state allocates nothing (S4)',
    metric: 'bytes_per_op value',
    claimed: { value: { equals: 0 } },
  },
  {
    ...{ id: 'lock-free-capacity', row: 25, scenario: 'turns', variant: 'mutex', metric: capacity },
    statement: 'Session state without locks is faster than behind a mutex (S4): capacity',
    claimed: undone.less,
    note: 'S4 claims 30 to 300 times for a read by itself; this is what is left of it in a whole turn.',
  },
  {
    ...{
      id: 'channel-read-ratio',
      row: 26,
      scenario: 'micro-state-read-by-key',
      variant: 'channel',
      metric: timePerOp,
    },
    statement: 'Asking the owner of the state by message is 15 to 67 times as slow as a mutex (S4)',
    against: 'mutex',
    claimed: { ratio: { from: 15, to: 67 } },
  },
  {
    ...{ id: 'channel-read', row: 26, scenario: 'micro-state-read', variant: 'channel', metric: timePerOp },
    statement: 'Asking the owner of the state by message takes 1600 ns (S4)',
    claimed: { value: { atLeast: 1600 } },
  },
  {
    ...{ id: 'lock-free-registry', row: 27, scenario: 'micro-registry', variant: 'locked-registry', metric: timePerOp },
    statement: 'A map of sessions without a lock is faster than one behind a lock (S4): a look-up',
    claimed: undone.more,
  },
]

const all = [
  {
    ...{ id: 'ten-times-capacity', row: 29, scenario: 'turns', variant: 'legacy', metric: capacity },
    statement: 'All together give ten times the throughput (S2, S3)',
    claimed: { ratio: { atMost: 0.1 } },
  },
  {
    ...{ id: 'less-memory', row: 29, scenario: 'distinct-agents', variant: 'legacy' },
    statement: 'All together take 40% less memory (S3)',
    metric: 'target_rss_mean{phase:end} value',
    claimed: fortyPercentLess,
  },
  {
    ...{ id: 'faster-start', row: 29, scenario: 'boot', variant: 'legacy', metric: 'target_boot value' },
    statement: 'All together start three times as fast (S3)',
    claimed: { ratio: { atLeast: 3 } },
  },
]

/** By row. 14, 15 and 24 are corrections, which tests show. */
export const claims = [...[delivery, clients, redis, database, tools, files, streams, state, all].flat()].sort(
  (a, b) => a.row - b.row,
)
