/**
 * The result file. One run = one folder `.weir/runs/<id>/`:
 *
 *   run.json                         RunHeader: the plan, the seed, the environment
 *   records/<trial>-<scenario>-<variant>.json    TrialRecord: all that was observed in one trial
 *   logs/...                         the output of targets, services and generators
 *   report.html, table.txt           made from the above at any time
 *
 * Everything that comes after a trial (comparison, gate, report, history) reads these two shapes and nothing else.
 * A change that old readers cannot take raises the number in the schema's name.
 */

import type { Better, DeclaredMetric, MetricKind, MetricSource, Unit } from '../metrics/table.ts'
import type { ComparisonPlan, GatePlan } from './comparison-plan.ts'
import type { SaturationPlan, Step } from './saturation-plan.ts'

export type { ComparisonPlan, GateLimit, GateMetric, GatePlan } from './comparison-plan.ts'
export type { NoiseFloor, NoiseSample } from './noise-floor.ts'
export type { MachineOfValues, NumberValues, RunValues } from './run-values.ts'
export type { CrossCheckPlan, RatePlan, SaturationPlan, Step } from './saturation-plan.ts'

export const recordSchema = 'weir.record/1'
export const runSchema = 'weir.run/1'

/** Where an observation stands in the design of the experiment. Records with the same scenario and pair are compared: each B with the A. */
export interface ObservationKey {
  /** 1-based; a block holds each variant once, in random order. */
  block: number
  /** 1-based over the run: observations of one pair are adjacent in time. In a campaign a block is a pair. */
  pair: number
  /** A is the baseline, B what is compared with it. */
  side: 'A' | 'B'
  /** 1-based place in the block's random order. */
  position: number
}

/**
 * What qualifies an observation: the k6 scenario inside the script whose samples it is, or the phase (a time window)
 * over which it was taken. No qualifier: the whole load.
 */
export interface Scope {
  scenario?: string
  phase?: string
}

/** One number, self-describing, so that a reader needs no table to show it. */
export interface Observation extends Scope {
  metric: string
  /** `p(50)`, `p(99.9)`, `avg`, `min`, `max`, `count`, `rate`, or `value` where the metric is one number. */
  stat: string
  value: number
  unit: Unit
  better: Better
  source: MetricSource
  /** Samples behind it, where it is a statistic of samples. */
  n?: number
}

/** A distribution in the standard HdrHistogram encoding (V2, deflated, base64); values in microseconds or thousandths. */
export interface StoredHistogram extends Scope {
  metric: string
  kind: MetricKind
  /** Divide a recorded value by this to get the metric's unit: 1000 (microseconds to ms, or thousandths). */
  scale: number
  unit: Unit
  count: number
  sum: number
  min: number
  max: number
  data: string
}

/** A time series; `t` is seconds since the load began (negative: before it). All series of a record share that axis. */
export interface Series extends Scope {
  metric: string
  stat: string
  unit: Unit
  source: MetricSource
  t: number[]
  v: (number | null)[]
}

/** A named window of the load, seconds since the load began. By default one for each k6 scenario of the script. */
export interface Phase {
  name: string
  startS: number
  endS: number
}

/** Why numbers of a trial may not be used. Without scope: none of them; else those of that k6 scenario or phase. */
export interface Invalidity extends Scope {
  code:
    | 'generator-late'
    | 'generator-saturated'
    | 'service-late'
    | 'target-not-saturated'
    | 'check-failed'
    | 'too-few-samples'
    | 'work-not-proportional'
    | 'trial-failed'
    | 'interrupted'
  message: string
  /** Percentiles of times up to this one may be used: they hardly move. Absent: none. */
  abovePercentile?: number
}

export interface TrialFailure {
  /** turns: nothing is wrong with it, but what it took turns with failed. */
  stage: 'service' | 'target' | 'generator' | 'load' | 'task' | 'turns'
  message: string
  /** Last lines that the process printed. */
  outputTail: string[]
}

export interface ThresholdResult {
  metric: string
  expression: string
  passed: boolean
}

export interface CheckResult {
  /** `::group::check name`, as in k6. */
  path: string
  name: string
  passes: number
  fails: number
}

/** How a quantity moved between the first and the second half of a phase; shown, never a reason to void a trial. */
export interface Drift extends Scope {
  metric: string
  stat: string
  firstHalf: number
  secondHalf: number
}

/** Seconds since both servers of the pair stood ready. */
export interface Slice {
  startS: number
  endS: number
  /** The last of what was under way at the end had ended. */
  drainedS: number
}

export interface Pinning {
  /** CPU list in taskset's syntax, or null where nothing was pinned. */
  target: string | null
  rest: string | null
  note: string
}

/** By a timer of fixed interval, or at each turn of the loop. Delays of the two mean different things and are never compared. */
export type EventLoopSampling = 'interval' | 'iteration'

export interface TrialRecord {
  schema: typeof recordSchema
  run: string
  /** 1-based, in the order in which trials ran. */
  trial: number
  key: ObservationKey
  variant: string
  scenario: string
  engine: string
  /** ISO 8601. */
  startedAt: string
  durationS: number
  /** Absent: the trial ran to its end. */
  failure?: TrialFailure
  /** Empty: every number may be used. */
  invalid: Invalidity[]
  /** What names the one metric that gets a verdict, e.g. `turn_intended_duration{scenario:paced} p(50)`. */
  primary: string
  phases: Phase[]
  /**
   * Of a pair whose servers were both alive and had their turns of the load: those of this record, in order. Phases, series
   * and rates are then on the time axis of these slices alone, as if one had followed the other without a gap. `durationS` is
   * half of the pair's. Absent: one whole load.
   */
  slices?: Slice[]
  observations: Observation[]
  histograms: StoredHistogram[]
  series: Series[]
  thresholds: ThresholdResult[]
  checks: CheckResult[]
  drift: Drift[]
  pinning: Pinning
  /** The fingerprint of the machine that it ran on; absent in records of an older weir. */
  machine?: string
  /** How the target's event-loop delay was sampled; null: nothing inside of it reported any. */
  eventLoopSampling?: EventLoopSampling | null
  /** Event-loop delay modes and the like: what a reader must know to compare two records. */
  notes: string[]
  warnings: string[]
  /** What looked into the target meanwhile, which cost it time: its numbers are never held against those of others. */
  profile?: TrialProfile
}

export type ProfileTool = 'cpu' | 'doctor' | 'flame' | 'heap'

/** What a profiler took from a target. */
export interface TrialProfile {
  tool: ProfileTool
  /** What it wrote, relative to the run's folder; `thread` where a file is of one. */
  files: { path: string; thread?: 'main' | 'worker' }[]
  /** What it could not do, one line each. */
  problems: string[]
}

/** Of a run whose targets were looked into. */
export interface ProfiledRun {
  tool: ProfileTool
  /** Pages for people, relative to the run's folder. */
  pages: { title: string; path: string }[]
  problems: string[]
}

/** The machine and the software that made the numbers. Numbers of different fingerprints are never pooled. */
export interface Environment {
  /** Short hash over what influences speed: CPU model, cores and those that may be used, memory, kernel, Node, limits. */
  fingerprint: string
  cpu: string
  cores: number
  /** As many CPUs as weir may use, of a container perhaps fewer than there are; absent in runs of an older weir. */
  usableCpus?: number
  memoryMB: number
  kernel: string
  platform: string
  node: string
  weir: string
  limits: { openFiles: number; listenBacklog: number | null; ephemeralPorts: [number, number] | null }
  governor: string | null
  virtualised: string | null
  instructionsCounted: boolean
  git: { commit: string; branch: string; dirty: boolean } | null
  ci: string | null
}

/** Where a claimed number lies. `above` and `below` leave out the bound itself. */
export type Bounds =
  | { atLeast: number }
  | { atMost: number }
  | { above: number }
  | { below: number }
  | { from: number; to: number }
  | { equals: number }

/** ratio: variant / against; difference: variant - against, in the metric's unit; value: of the variant by itself. */
export type Claimed = { ratio: Bounds } | { difference: Bounds } | { value: Bounds }

/** What somebody says of a variant, as a campaign is to test it. */
export interface Claim {
  id: string
  /** Where it stands in a list of the project's own. */
  row: string | null
  statement: string
  scenario: string
  variant: string
  against: string
  /** `target_cpu_per_op{phase:paced} value` */
  metric: string
  claimed: Claimed
  /** All that must be there for it to be tested, by name. */
  needs: string[]
  note: string | null
}

/** Something that trials cannot do without and that this machine has not. */
export interface MissingNeed {
  need: string
  /** Why it counts as missing, and what to do. */
  reason: string
  /** So many trials of each block were left out for it. */
  trialsABlock: number
  /** Of a saturation: which of its parts are left out as a whole for it. */
  parts?: Step['kind'][]
  /** Ids of claims that were not tested for it. */
  claims: string[]
}

/** Hashes of what a run was planned from: it can be resumed only while they are the same. */
export interface PlanDigest {
  /** Of what the config says of this campaign, and of what is left out of it here. */
  config: string
  /** Of the scripts with all that they import. */
  scripts: string
  /** Of the commit and of what differs from it; null outside of a repository. */
  code: string | null
}

export interface RunHeader {
  schema: typeof runSchema
  /** `2026-11-21T03-15-02-417-main`: sortable, and a valid folder name. */
  id: string
  campaign: string
  /** The sentence that the config gives the campaign. */
  question: string
  startedAt: string
  finishedAt: string | null
  status: 'running' | 'finished' | 'interrupted'
  seed: number
  quick: boolean
  blocks: number
  baseline: string
  /** git: where a variant runs in another checkout than the config's; null: that is no repository. */
  variants: { name: string; description: string; git?: Environment['git'] }[]
  scenarios: {
    name: string
    script: string
    primary: string
    description: string
    /** k6 scenarios of the script that take all they can get. */
    capacity?: string[]
    /** Metrics that the script declares: of one that nobody records it is known all the same what it is. */
    declared?: DeclaredMetric[]
    /** Hash of its load: script with all that it imports, options, environment. Absent in runs of an older weir. */
    loadDigest?: string
    /** Of a saturation: one load of many, of which numbers are never put together. */
    step?: Step
  }[]
  /** What a block holds; absent: every variant under every scenario. */
  cells?: { scenario: string; variants: string[] }[]
  /** What this campaign tests. */
  claims?: Claim[]
  /** The variants undo one thing each, and `together`, where there is one, those of `of`: null: all the others. */
  ablation?: { together: string | null; of: string[] | null }
  /** Of a comparison: what is compared. `blocks` is then the most pairs that there will be of a scenario. */
  comparison?: ComparisonPlan
  /** Of a gate, which holds a comparison too. */
  gate?: GatePlan
  /** Its numbers are those of targets that were looked into: never held against those of other runs. */
  profiled?: ProfiledRun
  /** How far each variant can be loaded; its scenarios are steps, those of a search are added as it goes. */
  saturation?: SaturationPlan
  missing?: MissingNeed[]
  plan?: PlanDigest
  /** What the command line narrowed the campaign to; empty lists: nothing. */
  asked?: { variants: string[]; scenarios: string[]; blocks: number | null }
  /** The process that wrote it last: while it lives, nobody else may go on with the run. */
  writer?: { pid: number; startTime: number }
  environment: Environment
  warnings: string[]
}

/** A run as it is read back: the header and all records written so far, in the order of trials. */
export interface Run {
  header: RunHeader
  records: TrialRecord[]
}
