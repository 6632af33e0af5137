import { median, medianOf } from '../compare/estimate.ts'
import { exclusionNotes } from '../compare/exclusions.ts'
import { isInvalidMeasurement } from '../compare/measurement-faults.ts'
import { comparePairs, type PairedComparison } from '../compare/paired-comparison.ts'
import { pairsOf } from '../compare/pairs.ts'
import { usablePairs } from '../compare/usable-pairs.ts'
import { wantedId } from '../compare/wanted-id.ts'
import { UserError } from '../errors.ts'
import type { GatePlan, Run, RunHeader } from '../record/schema.ts'
import { type Failing, failingOf } from './failing.ts'
import { checkLimits, type LimitResult } from './limits.ts'
import { type Finding, type Outcome, outcomeOf } from './outcome.ts'

/** A gate metric with the numbers themselves, medians over the pairs that its verdict stands on; null without a pair. */
export interface GatedComparison extends PairedComparison {
  baseValue: number | null
  headValue: number | null
  /** Half the distance between the quartiles of the head's values. */
  headSpread: number | null
  /** No look could decide: too few pairs can be used, or fit into the budget. */
  isInvalid: boolean
}

/** What a gate found: all that its outputs are made of. */
export interface GateResult {
  gate: string
  run: string
  base: string
  head: string
  startedAt: string
  finishedAt: string | null
  seed: number
  environment: Pick<RunHeader['environment'], 'fingerprint' | 'cpu' | 'cores' | 'node' | 'git'>
  isStrict: boolean
  outcome: Outcome
  exitCode: number
  /** The worst first; empty where the gate passed. */
  findings: Finding[]
  /** In what the head fails more often than the base. */
  failing: Failing[]
  comparisons: GatedComparison[]
  limits: LimitResult[]
  /** Pairs that count for every gate metric of their scenario, and those that do not. */
  validPairs: number
  invalidPairs: number
  /** Why pairs could not be used, a line for each reason. */
  excluded: { scenario: string; reason: string }[]
  power: GatePlan['power']
}

/**
 * Judges a gate's run, from its header and records alone.
 *
 * @param isStrict whether what is not decided fails
 * @throws UserError where the run is no gate, or a metric of it is one that no trial has
 */
export function judgeGate(run: Run, isStrict: boolean): GateResult {
  const { header } = run
  const { gate, comparison } = header
  if (!gate || !comparison)
    throw new UserError(`run "${header.id}" is no gate: expected "gate" in its run.json, as weir gate writes it`)
  const { comparisons, validPairs, invalidPairs, seed } = comparePairs(run)
  const judged = {
    failing: failingOf(run, comparison),
    comparisons: comparisons.map((each) => withValues(each, run)),
    limits: checkLimits(run),
  }
  const { id, startedAt, finishedAt, environment, status } = header
  return {
    gate: gate.name,
    run: id,
    base: comparison.against,
    head: comparison.variant,
    startedAt,
    finishedAt,
    seed,
    environment,
    isStrict,
    ...outcomeOf({ ...judged, isInterrupted: status === 'interrupted' }, isStrict),
    ...judged,
    validPairs,
    invalidPairs,
    excluded: header.scenarios.flatMap(({ name }) =>
      exclusionNotes(run, name).map((reason) => ({ scenario: name, reason })),
    ),
    power: gate.power,
  }
}

function withValues(comparison: PairedComparison, run: Run): GatedComparison {
  const { scenario, variant, pairs } = comparison
  const used = usablePairs(pairsOf(run, scenario, variant), wantedId(comparison, run)).slice(0, pairs)
  const head = used.map(({ b }) => b)
  return {
    ...comparison,
    baseValue: medianOf(used.map(({ a }) => a)),
    headValue: medianOf(head),
    headSpread: halfSpread(head),
    isInvalid: isInvalidMeasurement(comparison, run.header),
  }
}

/** Quartiles are the medians of the lower and the upper half. */
function halfSpread(values: number[]): number | null {
  if (values.length < 2) return null
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return (median(sorted.slice(-half)) - median(sorted.slice(0, half))) / 2
}
