import { measuredInWords } from '../../harness/compare/claim-words.ts'
import { type Change, formatRatio, formatRatioInterval } from '../format.ts'
import { primaryComparison, type ScenarioView, type VariantView, type View } from '../view.ts'
import { claimAnchor, comparedAnchor, verdictAnchor } from './anchors.ts'
import { claimVerdictWords } from './claim-words.ts'
import { verdictWords } from './verdict-words.ts'

/** One verdict of a variant under a scenario, and where its details stand. */
export interface MatrixEntry {
  /** Null where the word itself is shown. */
  sign: string | null
  word: string
  /** The class of its colours. */
  look: string
  /** What was measured; empty where nothing was. */
  estimate: string
  /** What it may be; empty where one block does not tell, or the estimate says it already. */
  interval: string
  anchor: string
  /** What it is about, where a cell may hold several. */
  subject: string
}

/** The verdicts of a cell, of whatever kind this run gives; none where nothing was planned. */
export const matrixEntries = (view: View, scenario: ScenarioView, variant: VariantView): MatrixEntry[] => {
  if (view.claims.length > 0) return claimEntries(view, scenario, variant)
  return view.paired ? comparedEntries(view, scenario, variant) : primaryEntries(view, scenario, variant)
}

const claimEntries = ({ claims }: View, scenario: ScenarioView, variant: VariantView): MatrixEntry[] =>
  claims.flatMap((result, at) => {
    const { claim, verdict } = result
    if (claim.scenario !== scenario.name || claim.variant !== variant.name) return []
    const { look } = claimVerdictWords[verdict]
    const estimate = measuredInWords(result)
    return [{ sign: null, look, word: verdict, estimate, interval: '', anchor: claimAnchor(at), subject: claim.id }]
  })

const comparedEntries = ({ paired }: View, scenario: ScenarioView, variant: VariantView): MatrixEntry[] =>
  paired!.comparisons.flatMap(({ verdict, metric, ...of }, at) => {
    if (of.scenario !== scenario.name || of.variant !== variant.name) return []
    const { sign, word } = verdictWords[verdict]
    return [{ sign, word, look: verdict, ...changeOf(of), anchor: comparedAnchor(at), subject: metric }]
  })

function primaryEntries(view: View, scenario: ScenarioView, variant: VariantView): MatrixEntry[] {
  if (variant.isBaseline || !scenario.variants.includes(variant)) return []
  const comparison = primaryComparison(scenario, variant)
  const look = comparison?.verdict ?? 'none'
  const { sign, word } = verdictWords[look]
  const anchor = verdictAnchor(view.scenarios.indexOf(scenario), variant.index)
  const change = comparison ? changeOf(comparison) : { estimate: '', interval: '' }
  return [{ sign, word, look, ...change, anchor, subject: scenario.primary.row.label }]
}

const changeOf = ({ estimate, lower, upper }: Change) => ({
  estimate: formatRatio(estimate),
  interval: formatRatioInterval(lower, upper),
})
