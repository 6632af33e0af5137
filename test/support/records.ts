import { describeMetric, type Unit } from '../../harness/metrics/table.ts'
import {
  type Environment,
  type Observation,
  type Phase,
  type Run,
  type RunHeader,
  recordSchema,
  runSchema,
  type Scope,
  type Series,
  type TrialRecord,
} from '../../harness/record/schema.ts'
import { type Latencies, latencyObservations, recordLatencies, storedHistogram } from './latencies.ts'
import { type Random, seededRandom } from './random.ts'

/**
 * A golden run: what a campaign of four variants and two scenarios leaves behind, made from a seed. `polling` answers
 * late, `per-call-client` burns CPU, `mutex` differs from `optimized` by noise only.
 */

export interface GoldenOptions {
  blocks?: number
  /** Blocks of which records exist; fewer than `blocks` while a run is going on. */
  blocksIn?: number
  status?: RunHeader['status']
  seed?: number
  /** The first is the baseline. */
  variants?: readonly GoldenVariant[]
  /** Samples behind each latency distribution of a trial. */
  samples?: number
}

export interface GoldenVariant {
  name: string
  description: string
  addedMs: number
  /** Share by which all of its time is longer than the baseline's. */
  slower: number
  cpuMsPerTurn: number
  rssMB: number
}

export const goldenVariants: readonly GoldenVariant[] = [
  variant('optimized', 'every optimisation', 0, 0, 0.62, 148),
  variant('polling', 'results through a cache that is polled every 50 ms', 24, 0, 0.71, 156),
  variant('per-call-client', 'a new TLS connection for every model call', 6.5, 0.02, 1.48, 171),
  variant('mutex', 'every read and write of session state takes a mutex', 0, 0.004, 0.63, 149),
]

interface GoldenScenario {
  name: string
  description: string
  primary: string
  phases: Phase[]
  vus(t: number): number
  perS(phase: string): number
  /** Of its rate, so much is asked at a second. */
  shareAt(t: number): number
}

const goldenScenarios: readonly GoldenScenario[] = [
  {
    name: 'turns',
    description: 'turns as JSON at 250/s, then as fast as they go',
    primary: 'turn_intended_duration{scenario:paced} p(50)',
    phases: [
      { name: 'paced', startS: 0, endS: 60 },
      { name: 'capacity', startS: 60, endS: 75 },
    ],
    vus: (t) => (t < 60 ? 18 : 64),
    perS: (phase) => (phase === 'paced' ? 250 : 970),
    shareAt: () => 1,
  },
  {
    name: 'ten-thousand-sessions',
    description: '10,000 WebSocket sessions: ramp, hold, ramp down',
    primary: 'turn_intended_duration{scenario:sessions} p(50)',
    phases: [{ name: 'sessions', startS: 0, endS: 90 }],
    vus: (t) => Math.round(10_000 * rampShare(t)),
    perS: () => 333,
    shareAt: rampShare,
  },
]

function rampShare(t: number): number {
  return Math.min(1, t / 20, Math.max(0, (90 - t) / 10))
}

/** A whole run, finished unless told otherwise; every trial valid. */
export function goldenRun(options: GoldenOptions = {}): Run {
  const { blocks = 3, blocksIn = blocks, seed = 7, variants = goldenVariants, samples = 4000 } = options
  const random = seededRandom(seed)
  const header = goldenHeader(options.status ?? 'finished', blocks, seed, variants)
  const records: TrialRecord[] = []
  for (let block = 1; block <= blocksIn; block++) {
    for (const scenario of goldenScenarios) {
      variants.forEach((each, at) => {
        const key = { block, pair: block, side: at === 0 ? 'A' : 'B', position: at + 1 } as const
        records.push(goldenRecord(header, scenario, each, key, records.length + 1, samples, random))
      })
    }
  }
  return { header, records }
}

function variant(
  ...[name, description, addedMs, slower, cpuMsPerTurn, rssMB]: [string, string, number, number, number, number]
): GoldenVariant {
  return { name, description, addedMs, slower, cpuMsPerTurn, rssMB }
}

function goldenHeader(
  status: RunHeader['status'],
  blocks: number,
  seed: number,
  variants: readonly GoldenVariant[],
): RunHeader {
  return {
    schema: runSchema,
    id: '2026-11-21T03-15-02-main',
    campaign: 'main',
    question: 'Which of the gateway’s optimisations pay, with 10,000 sessions open?',
    startedAt: '2026-11-21T03:15:02.000Z',
    finishedAt: status === 'running' ? null : '2026-11-21T03:26:10.000Z',
    status,
    seed,
    quick: blocks === 1,
    blocks,
    baseline: variants[0]?.name ?? '',
    variants: variants.map(({ name, description }) => ({ name, description })),
    scenarios: goldenScenarios.map(({ name, primary, description }) => ({
      name,
      script: `scenarios/${name}.ts`,
      primary,
      description,
    })),
    environment: goldenEnvironment,
    warnings: ['The machine is shared: load average was 0.8 before the start.'],
  }
}

const goldenEnvironment: Environment = {
  fingerprint: '5f3a9c21',
  cpu: 'AMD EPYC 7B13',
  cores: 2,
  memoryMB: 8192,
  kernel: '6.12.0',
  platform: 'linux x64',
  node: 'v24.21.0',
  weir: '0.1.0',
  limits: { openFiles: 20_000, listenBacklog: 4096, ephemeralPorts: [32_768, 60_999] },
  governor: null,
  virtualised: 'kvm',
  instructionsCounted: false,
  git: { commit: 'ccd4697d0c1f5a0f2b7c8e9d1a2b3c4d5e6f7081', branch: 'main', dirty: false },
  ci: null,
}

function goldenRecord(
  header: RunHeader,
  scenario: GoldenScenario,
  of: GoldenVariant,
  key: TrialRecord['key'],
  trial: number,
  samples: number,
  random: Random,
): TrialRecord {
  const noise = 1 + of.slower + 0.006 * random.normal()
  const typical = { medianMs: 43 * noise, addedMs: of.addedMs, sigma: 0.3 }
  const latencies: Latencies[] = scenario.phases.map((phase) =>
    recordLatencies(
      { ...typical, medianMs: typical.medianMs * (phase.name === 'capacity' ? 1.4 : 1) },
      samples,
      random,
    ),
  )
  const durationS = scenario.phases.at(-1)?.endS ?? 0
  return {
    schema: recordSchema,
    run: header.id,
    trial,
    key: { ...key },
    variant: of.name,
    scenario: scenario.name,
    engine: 'sessions',
    startedAt: new Date(Date.parse(header.startedAt) + trial * 27_000).toISOString(),
    durationS,
    invalid: [],
    primary: scenario.primary,
    phases: scenario.phases.map((phase) => ({ ...phase })),
    observations: [
      ...scenario.phases.flatMap((phase, at) => phaseObservations(phase, latencies[at]!, scenario, of, random)),
      ...wholeObservations(of, scenario, durationS, random),
    ],
    histograms: scenario.phases.flatMap((phase, at) =>
      (['service', 'intended', 'ttft'] as const).map((which) =>
        storedHistogram(latencyMetric[which], { scenario: phase.name }, latencies[at]![which]),
      ),
    ),
    series: goldenSeries(scenario, of, typical, durationS, random),
    thresholds: [
      { metric: 'turn_intended_duration', expression: 'p(99)<500', passed: true },
      { metric: 'http_req_failed', expression: 'rate<0.01', passed: true },
    ],
    checks: [{ path: '::answer is whole', name: 'answer is whole', passes: 15_000, fails: 0 }],
    drift: [
      {
        scenario: scenario.phases[0]!.name,
        metric: 'turn_intended_duration',
        stat: 'p(50)',
        firstHalf: typical.medianMs,
        secondHalf: typical.medianMs * 1.004,
      },
    ],
    pinning: { target: '1', rest: '0', note: 'target on core 1, all else on core 0' },
    notes: ['Event-loop delay: interval mode, resolution of 10 ms taken off.'],
    warnings: [],
  }
}

const latencyMetric = { service: 'turn_duration', intended: 'turn_intended_duration', ttft: 'turn_ttft' } as const

function phaseObservations(
  phase: Phase,
  latencies: Latencies,
  scenario: GoldenScenario,
  of: GoldenVariant,
  random: Random,
): Observation[] {
  const scope = { scenario: phase.name }
  const seconds = phase.endS - phase.startS
  const perS =
    scenario.perS(phase.name) * (phase.name === 'capacity' ? 1 / of.cpuMsPerTurn : 1) * (1 + 0.004 * random.normal())
  const count = Math.round(perS * seconds)
  return [
    ...(['intended', 'service', 'ttft'] as const).flatMap((which) =>
      latencyObservations(latencyMetric[which], scope, latencies[which]),
    ),
    observation('iterations', 'count', count, scope),
    observation('iterations', 'rate', count / seconds, scope, 'per second'),
    observation('throughput', 'value', count / seconds, { phase: phase.name }),
    observation('http_reqs', 'count', count, scope),
    observation('http_reqs', 'rate', count / seconds, scope, 'per second'),
    observation('http_req_failed', 'rate', 0, scope),
    observation('dropped_iterations', 'count', 0, scope),
    observation('checks', 'rate', 1, scope),
    observation('generator_lateness', 'p(99)', 0.9 + 0.1 * random.uniform(), scope),
    observation('generator_utilization', 'value', 0.42 + 0.05 * random.uniform(), scope),
    observation('service_lateness', 'p(99)', 1.1 + 0.1 * random.uniform(), scope),
    observation('target_cpu_per_op', 'value', of.cpuMsPerTurn * (1 + 0.01 * random.normal()), scope),
    observation('target_core_busy', 'value', Math.min(1, (perS * of.cpuMsPerTurn) / 1000), scope),
  ]
}

function wholeObservations(
  of: GoldenVariant,
  scenario: GoldenScenario,
  durationS: number,
  random: Random,
): Observation[] {
  const vusMax = Math.max(...scenario.phases.map((phase) => scenario.vus(phase.startS + 30)))
  return [
    observation('target_boot', 'value', 410 + 20 * random.normal(), {}),
    observation('target_rss_peak', 'value', of.rssMB * (1 + 0.01 * random.normal()), {}),
    observation('target_rss_mean', 'value', of.rssMB * 0.9, {}),
    observation('target_heap_used_peak', 'value', of.rssMB * 0.5 * (1 + 0.02 * random.normal()), {}),
    observation('target_event_loop_delay', 'p(99)', 2.4 + of.cpuMsPerTurn + 0.2 * random.normal(), {}),
    observation('target_event_loop_delay', 'max', 14 + 3 * random.uniform(), {}),
    observation('target_gc_pause_total', 'value', 6 * durationS * of.cpuMsPerTurn, {}),
    observation('vus_max', 'value', vusMax, {}),
    observation('data_received', 'count', 412_000 * durationS, {}),
    ...(vusMax > 1000 ? [observation('target_rss_per_session', 'value', (of.rssMB - 70) / 10, {})] : []),
  ]
}

const observation = (metric: string, stat: string, value: number, scope: Scope, unit?: Unit): Observation => {
  const row = describeMetric(metric)
  return {
    ...scope,
    metric,
    stat,
    value,
    unit: unit ?? row.unit,
    better: row.better,
    source: row.source,
    ...(row.kind === 'trend' ? { n: 4000 } : {}),
  }
}

function goldenSeries(
  scenario: GoldenScenario,
  of: GoldenVariant,
  typical: { medianMs: number },
  durationS: number,
  random: Random,
): Series[] {
  const t = Array.from({ length: durationS }, (_, second) => second + 1)
  const phaseAt = (second: number) => scenario.phases.find((phase) => second <= phase.endS)?.name ?? ''
  const series = (metric: string, stat: string, unit: Unit, value: (second: number) => number | null): Series => ({
    metric,
    stat,
    unit,
    source: describeMetric(metric).source,
    t,
    v: t.map(value),
  })
  const around = (value: number, share: number) => value * (1 + share * random.normal())
  const perS = (second: number) =>
    scenario.perS(phaseAt(second)) *
    scenario.shareAt(second) *
    (phaseAt(second) === 'capacity' ? 1 / of.cpuMsPerTurn : 1)
  const latency = (second: number) => (typical.medianMs + of.addedMs) * (phaseAt(second) === 'capacity' ? 1.4 : 1)
  return [
    series('http_reqs', 'rate', 'per second', (second) => Math.round(around(perS(second), 0.04))),
    series('iterations', 'rate', 'per second', (second) => Math.round(around(perS(second), 0.04))),
    series('vus', 'value', 'count', (second) => scenario.vus(second)),
    series('turn_intended_duration', 'p(50)', 'ms', (second) => around(latency(second), 0.02)),
    series('turn_intended_duration', 'p(95)', 'ms', (second) =>
      second < 2 ? null : around(latency(second) * 2, 0.06),
    ),
    series('target_rss', 'value', 'MB', (second) => of.rssMB * (0.5 + 0.5 * Math.min(1, second / 25))),
    series('target_heap_used', 'value', 'MB', (second) => of.rssMB * (0.25 + 0.2 * ((second % 9) / 9))),
    series('target_event_loop_delay', 'p(99)', 'ms', () => around(2.4 + of.cpuMsPerTurn, 0.1)),
    series('target_event_loop_delay', 'max', 'ms', () => around(8 + of.cpuMsPerTurn, 0.2)),
    series('target_cpu', 'value', 'share', (second) =>
      Math.min(1, around((perS(second) * of.cpuMsPerTurn) / 1000, 0.03)),
    ),
    series('target_gc_pause', 'value', 'ms', (second) => of.cpuMsPerTurn * (second % 9 === 0 ? 20 : 4)),
  ]
}
