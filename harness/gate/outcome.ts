import { type ExitCode, exitCodes } from '../exit-codes.ts'
import type { Failing } from './failing.ts'
import type { LimitResult } from './limits.ts'
import type { GatedComparison } from './result.ts'
import { comparisonInWords, limitInWords } from './words.ts'

/**
 * What a gate may find, the worst first: of several the first decides the exit code. What was shown comes before what could
 * not be: whoever measures again on an invalid measurement must not do so until a regression is gone.
 */
const kinds = {
  interrupted: exitCodes.interrupted,
  'fails more often': exitCodes.failed,
  regressed: exitCodes.failed,
  'limit crossed': exitCodes.thresholdsFailed,
  invalid: exitCodes.invalidMeasurement,
  inconclusive: exitCodes.inconclusive,
} as const satisfies Record<string, ExitCode>

export type FindingKind = keyof typeof kinds
export type Outcome = FindingKind | 'passed'

/** Something that speaks against passing, as one line. */
export interface Finding {
  kind: FindingKind
  /** Null: of the run as a whole. */
  scenario: string | null
  text: string
}

export interface Judged {
  failing: readonly Failing[]
  comparisons: readonly GatedComparison[]
  limits: readonly LimitResult[]
  isInterrupted: boolean
}

/**
 * What came of a gate. What is not decided stands among the findings, and fails only where the gate is strict.
 *
 * @returns the findings with the worst first
 */
export function outcomeOf(
  judged: Judged,
  isStrict: boolean,
): { outcome: Outcome; exitCode: ExitCode; findings: Finding[] } {
  const found = findingsOf(judged)
  const findings = Object.keys(kinds).flatMap((kind) => found.filter((finding) => finding.kind === kind))
  const worst = findings[0]?.kind ?? 'passed'
  if (worst === 'passed' || (worst === 'inconclusive' && !isStrict))
    return { outcome: worst, exitCode: exitCodes.ok, findings }
  return { outcome: worst, exitCode: kinds[worst], findings }
}

function findingsOf({ failing, comparisons, limits, isInterrupted }: Judged): Finding[] {
  const interrupted: Finding = { kind: 'interrupted', scenario: null, text: 'interrupted: what was finished is kept' }
  return [
    ...(isInterrupted ? [interrupted] : []),
    ...failing.map((each) => ({ kind: 'fails more often' as const, ...each })),
    ...comparisons.flatMap((each) => {
      const kind = kindOfComparison(each)
      return kind === null ? [] : [{ kind, scenario: each.scenario, text: comparisonInWords(each) }]
    }),
    ...limits.flatMap((each) => {
      const kind = kindOfLimit(each)
      return kind === null ? [] : [{ kind, scenario: each.scenario, text: limitInWords(each) }]
    }),
  ]
}

export function kindOfComparison({ isInvalid, verdict }: GatedComparison): FindingKind | null {
  if (isInvalid) return 'invalid'
  return verdict === 'regressed' || verdict === 'inconclusive' ? verdict : null
}

export const kindOfLimit = ({ outcome }: LimitResult): FindingKind | null =>
  outcome === 'held' ? null : outcome === 'crossed' ? 'limit crossed' : 'invalid'
