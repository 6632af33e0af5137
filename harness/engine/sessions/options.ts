import type { ScriptNotes } from '../port.ts'
import type { ExecutorConfig } from './executors/port.ts'
import { partOf, type Segment, wholeTest } from './executors/segment.ts'
import { parseSegment } from './executors/segment-text.ts'
import type { PlannedThreshold, ThresholdTarget } from './load-test/part.ts'
import { connectionOptions, readConnectRules, readReuseRules } from './options/connections.ts'
import { type ExecutionOptions, executionOptions, readExecution } from './options/execution.ts'
import { type HttpOptions, httpOptionNames, readHttpOptions } from './options/http.ts'
import { assertKinds, knownOptions } from './options/kinds.ts'
import { applyLayer, scenariosOverridden } from './options/layers.ts'
import { readNotes } from './options/notes.ts'
import { readScenarios, scenariosOf, warningsOfLoad } from './options/scenarios.ts'
import { readTimeUnit, readTrendStats } from './options/summary.ts'
import { readSystemTags } from './options/system-tags.ts'
import { readTargets, readThresholds } from './options/thresholds.ts'
import { asObject, type Raw } from './options/values.ts'
import type { TimeUnit } from './summary/humanize.ts'
import type { ConnectRules } from './transport/dialer.ts'

/** k6's options as far as the engine honours them, checked and with k6's defaults. */
export interface TestOptions extends ExecutionOptions, HttpOptions {
  scenarios: ExecutorConfig[]
  /** The part of the whole test that runs here. */
  segment: Segment
  /** The part of the whole test that all processes of this load run together: what k6 calls an instance. */
  instanceSegment: Segment
  /** All layers together, as the script may ask for them: null what none of them gives. */
  consolidated: Readonly<Raw>
  thresholds: PlannedThreshold[]
  /** Everything that has a key in `thresholds`. */
  thresholdTargets: ThresholdTarget[]
  connect: ConnectRules
  noConnectionReuse: boolean
  noVUConnectionReuse: boolean
  systemTags: ReadonlySet<string>
  summaryTrendStats: string[]
  summaryTimeUnit: TimeUnit
  notes: ScriptNotes
  warnings: string[]
}

/** Options that k6 has and the embedded engine does not act on yet: said, never silently ignored. */
const notHonoured = new Set([
  'httpDebug',
]) // biome-ignore format: one list

const honoured = new Set(['ext', 'summaryTimeUnit', 'summaryTrendStats', 'systemTags', 'thresholds'])

/** Read by the files in options/. */
const honouredByConcern = new Set<string>([...connectionOptions, ...executionOptions, ...httpOptionNames])

const allNull = Object.fromEntries(knownOptions.map((name) => [name, null]))

/**
 * Reads the script's `options` with what flags or the config put above them.
 * @param exported names the script exports, to check `exec`
 * @param part what this process runs of what the options describe, where several processes run it together
 * @param below options that the script's own win over
 * @throws UserError naming the option
 */
export function readOptions(
  script: unknown,
  override: Raw,
  exported: readonly string[],
  part: Segment = wholeTest,
  below: Raw = {},
): TestOptions {
  const own = asObject(script ?? {}, 'options')
  const raw = applyLayer(applyLayer(below, own), override)
  assertKinds(raw)
  const weir = asObject(asObject(raw.ext ?? {}, 'options.ext').weir ?? {}, 'options.ext.weir')
  const instanceSegment = readSegment(raw)
  const segment = part === wholeTest ? instanceSegment : partOf(instanceSegment, part)
  const scenarios = readScenarios(raw, exported, segment)
  return {
    scenarios,
    segment,
    instanceSegment,
    consolidated: { ...allNull, ...raw, scenarios: scenariosOf(raw) },
    thresholds: readThresholds(raw.thresholds),
    thresholdTargets: readTargets(raw.thresholds),
    ...readExecution(raw, part),
    connect: readConnectRules(raw),
    ...readReuseRules(raw),
    ...readHttpOptions(raw),
    systemTags: readSystemTags(raw.systemTags),
    summaryTrendStats: readTrendStats(raw.summaryTrendStats),
    summaryTimeUnit: readTimeUnit(raw.summaryTimeUnit),
    notes: readNotes(weir, scenarios),
    warnings: [...warningsFor(raw), ...warningsOfLoad(raw, scenarios), scenariosOverridden(own, override)].filter(
      (warning) => warning !== null,
    ),
  }
}

function readSegment(raw: Raw): Segment {
  const text = (name: string): string | undefined => (raw[name] == null ? undefined : String(raw[name]))
  return parseSegment(text('executionSegment'), text('executionSegmentSequence'))
}

function warningsFor(raw: Raw): string[] {
  return Object.keys(raw).flatMap((key) => {
    if (notHonoured.has(key))
      return [`option "${key}" is one of k6's that this engine does not act on yet; the load runs without it`]
    return honoured.has(key) || honouredByConcern.has(key)
      ? []
      : [`option "${key}" is none of k6's: it has no effect (is it misspelt?)`]
  })
}
