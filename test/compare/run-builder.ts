import { describeMetric, type Unit } from '../../harness/metrics/table.ts'
import {
  type Observation,
  type Run,
  type RunHeader,
  recordSchema,
  runSchema,
  type Scope,
  type TrialRecord,
} from '../../harness/record/schema.ts'

/** Small runs for tests of the comparison: only what it reads has content. */

const environment: RunHeader['environment'] = {
  fingerprint: 'f',
  cpu: 'c',
  cores: 2,
  memoryMB: 1,
  kernel: 'k',
  platform: 'linux',
  node: 'v24',
  weir: '0',
  limits: { openFiles: 1, listenBacklog: null, ephemeralPorts: null },
  governor: null,
  virtualised: null,
  instructionsCounted: false,
  git: null,
  ci: null,
}

/** The first variant is the baseline. */
export function makeHeader(
  variants: string[],
  scenarios: { name: string; primary: string }[],
  change: Partial<RunHeader> = {},
): RunHeader {
  return {
    schema: runSchema,
    id: 'run',
    campaign: 'main',
    question: '',
    startedAt: '',
    finishedAt: null,
    status: 'running',
    seed: 1,
    quick: false,
    blocks: 3,
    baseline: variants[0]!,
    variants: variants.map((name) => ({ name, description: '' })),
    scenarios: scenarios.map((scenario) => ({ ...scenario, script: '', description: '' })),
    environment,
    warnings: [],
    ...change,
  }
}

export const makeRun = (header: RunHeader, records: TrialRecord[]): Run => ({
  header,
  records: records.map((record, index) => ({ ...record, trial: index + 1 })),
})

/** A trial of one variant in one block; a block is a pair. */
export function makeRecord(
  [scenario, variant, block]: [scenario: string, variant: string, block: number],
  observations: Observation[],
  change: Partial<TrialRecord> = {},
): TrialRecord {
  const side = variant === 'base' ? 'A' : 'B'
  return {
    schema: recordSchema,
    run: 'run',
    trial: 1,
    key: { block, pair: block, side, position: 1 },
    variant,
    scenario,
    engine: 'sessions',
    startedAt: '',
    durationS: 1,
    invalid: [],
    primary: '',
    phases: [],
    observations,
    histograms: [],
    series: [],
    thresholds: [],
    checks: [],
    drift: [],
    pinning: { target: null, rest: null, note: '' },
    notes: [],
    warnings: [],
    ...change,
  }
}

/** `observe('iterations rate', 250, { scenario: 'paced' })`; units and better sides are the metric table's. */
export function observe(what: string, value: number, more: Scope & { n?: number; unit?: Unit } = {}): Observation {
  const [metric = '', stat = ''] = what.split(' ')
  const { unit, better, source } = describeMetric({
    name: metric,
    kind: stat.startsWith('p(') ? 'trend' : 'value',
    isTime: true,
  })
  return { metric, stat, value, unit, better, source, ...more }
}
