import { countsInWords } from '../../harness/compare/claims-table.ts'
import type { PairedComparison } from '../../harness/compare/paired-comparison.ts'
import type { SaturatedVariant, Saturation } from '../../harness/compare/saturation/saturation.ts'
import { whyNoHigherRate } from '../../harness/compare/saturation/words.ts'
import type { Verdict } from '../../harness/compare/verdict.ts'
import { type Change, counted, formatChange, formatRange, formatValue } from '../format.ts'
import { type Content, type Html, html, listed } from '../html.ts'
import { labelOf } from '../metric-words.ts'
import { challengers, primaryComparison, type ScenarioView, type VariantView, type View } from '../view.ts'
import { answerInCounts, largestSoFar, mostWords, wordsIn } from './answer-in-counts.ts'
import { isConcerned, linkToUnusable } from './unusable.ts'
import { verdictOrder, verdictWords } from './verdict-words.ts'

/** The answer in one sentence: which variants are better or worse than the baseline, or why nobody can say yet. */
export function answerOf(view: View): Html {
  const { baseline } = view.header
  const comparisons = view.scenarios.flatMap(({ comparisons }) => comparisons.filter(({ primary }) => primary))
  if (view.records.length === 0) return html`No trial has ended yet.`
  if (view.claims.length > 0) return html`${countsInWords(view.claims)}.`
  if (view.saturation) return saturatedAnswer(view.saturation, view.header.blocks)
  if (view.paired) return pairedAnswer(view, view.paired.comparisons)
  if (challengers(view).length === 0) {
    return html`Only ${named(baseline)} was measured: there is nothing to compare it with.`
  }
  if (comparisons.length === 0) {
    return html`No verdict, since not one pair of trials is usable: ${reasonHint(view)}.`
  }
  if (comparisons.every(({ verdict }) => verdict === null)) return soFar(view)
  const groups = groupsByVerdicts(view)
  const whole = html`Compared with ${named(baseline)}, ${groups.map((group, at) => html`${at > 0 && '; '}${clauseOf(group, view.scenarios)}`)}.`
  return wordsIn(whole) > mostWords ? answerInCounts(view) : whole
}

/** The most of each variant; of one block what was seen once. */
function saturatedAnswer({ variants }: Saturation, blocks: number): Html {
  const most = ({ maximum, idleAtMaximum, knee }: SaturatedVariant): string => {
    if (!maximum) return 'has no usable trial of the sweep'
    const { estimate, lower, upper } = maximum
    const interval = lower === null || upper === null ? '' : ` [${formatRange(lower, upper, 'per second')}]`
    const value = `${formatValue(estimate, 'per second')}${interval}`
    if (knee.isAtEnd)
      return `takes ${value} at least, with the most connections that ${knee.isCutShort ? 'could be used' : 'were tried'}`
    return idleAtMaximum === null || idleAtMaximum.busyShare === null
      ? `takes ${value} at the most`
      : `takes ${value} at least, its core not being the limit`
  }
  const parts = variants.map(
    (each) =>
      html`${named(each.variant)} ${most(each)}${each.rate?.state === 'found' && ` and keeps its limits up to ${each.rate.lower} arrivals a second (${whyNoHigherRate(each)})`}`,
  )
  return html`${blocks === 1 && 'Seen once, which decides nothing: '}${parts.map((part, at) => html`${at > 0 && '; '}${part}`)}.`
}

/** What pairs say of each gate metric, worst news first. */
function pairedAnswer(view: View, comparisons: readonly PairedComparison[]): Html {
  const { variant, against } = view.header.comparison!
  const parts = verdictOrder.flatMap((verdict) => {
    const of = comparisons.filter((each) => each.verdict === verdict)
    if (of.length === 0) return []
    const metrics = of.map((each) => html`${labelOf(each)} (${each.scenario})`)
    return [html`<span class="word ${verdict}">${verdictWords[verdict].inSentence}</span> in ${listed(metrics)}`]
  })
  return html`Compared with ${named(against)}, ${named(variant)} is ${parts.map((part, at) => html`${at > 0 && '; '}${part}`)}.`
}

const named = (name: string): Html => html`<strong>${name}</strong>`

/** Why there is no pair, as far as the records tell. */
function reasonHint(view: View): Content {
  if (view.records.some(isConcerned)) return html`${linkToUnusable(view, 'the reasons')} are listed`
  if (view.scenarios.some(hasWholePair)) return html`none has the primary metric on both sides`
  return view.header.status === 'running'
    ? html`the trials of the other side are not in yet`
    : html`of each the records of one side are missing`
}

/** Whether trials of the baseline and of another variant have both left a record in the same block. */
const hasWholePair = ({ records, variants }: ScenarioView): boolean => {
  const baseline = variants.find(({ isBaseline }) => isBaseline)?.name
  const blocks = new Set(records.filter(({ variant }) => variant === baseline).map(({ key }) => key.block))
  return records.some(({ variant, key }) => variant !== baseline && blocks.has(key.block))
}

/** One block gives no verdict; what was seen in it is said all the same. */
function soFar(view: View): Html {
  // Without each variant under each scenario, a list of changes would not tell of which scenario they are.
  const isSparse = view.scenarios.some(({ variants }) => variants.length < view.variants.length)
  const seen = challengers(view).map((variant) => {
    const estimates = view.scenarios.map((scenario) => {
      const comparison = primaryComparison(scenario, variant)
      return comparison ? formatChange(comparison) : 'no usable pair'
    })
    return html`${named(variant.name)} ${estimates.join(', ')}`
  })
  const under = listed(view.scenarios.map(({ name }) => name))
  const whole = html`One usable block gives no verdict; in it, against ${named(view.header.baseline)} under ${under}: ${seen.map((part, at) => html`${at > 0 && '; '}${part}`)}.`
  return isSparse || wordsIn(whole) > mostWords ? largestSoFar(view) : whole
}

const noChange: Change = { estimate: null, lower: null, upper: null }

/** Null where nothing was planned. */
type Outcome = Verdict | 'none' | null

interface Group {
  variants: { variant: VariantView; changes: Change[] }[]
  /** By scenario, in the page's order. */
  outcomes: Outcome[]
}

/** Variants with the same verdicts under all scenarios are told of together. */
function groupsByVerdicts(view: View): Group[] {
  const groups = new Map<string, Group>()
  for (const variant of challengers(view)) {
    const compared = view.scenarios.map((scenario) => primaryComparison(scenario, variant))
    const outcomes = view.scenarios.map((scenario, at): Outcome => {
      return scenario.variants.includes(variant) ? (compared[at]?.verdict ?? 'none') : null
    })
    if (outcomes.every((outcome) => outcome === null)) continue
    const group = groups.get(outcomes.join()) ?? { variants: [], outcomes }
    group.variants.push({ variant, changes: compared.map((comparison) => comparison ?? noChange) })
    groups.set(outcomes.join(), group)
  }
  const rank = ({ outcomes }: Group) => verdictOrder.findIndex((verdict) => outcomes.includes(verdict))
  return [...groups.values()].sort((a, b) => rank(a) - rank(b))
}

/** More variants than this in one clause, and their numbers would bury the sentence; the table has them. */
const mostWithEstimates = 4

function clauseOf({ variants, outcomes }: Group, scenarios: readonly ScenarioView[]): Html {
  const names = variants.map(
    ({ variant, changes }) =>
      html`${named(variant.name)}${variants.length <= mostWithEstimates && estimatesOf(changes, outcomes)}`,
  )
  const parts = verdictOrder.flatMap((outcome) => {
    const under = scenarios.filter((_, at) => outcomes[at] === outcome)
    if (under.length === 0) return []
    return [
      html`<span class="word ${outcome}">${verdictWords[outcome].inSentence}</span> ${underAll(under, scenarios)}`,
    ]
  })
  return html`${listed(names)} ${variants.length === 1 ? 'is' : 'are'} ${listed(parts)}`
}

/** Only where the estimate means something, and short enough to read in passing. */
function estimatesOf(changes: readonly Change[], outcomes: readonly Outcome[]): Content {
  const planned = changes.filter((_, at) => outcomes[at] !== null)
  const isTold = outcomes.every((outcome) => outcome === null || outcome === 'regressed' || outcome === 'improved')
  return (
    isTold && planned.length <= 3 && html` <span class="estimates">(${planned.map(formatChange).join(', ')})</span>`
  )
}

function underAll(under: readonly ScenarioView[], all: readonly ScenarioView[]): Content {
  if (under.length < all.length || all.length === 1) return html`under ${listed(under.map(({ name }) => name))}`
  return all.length === 2 ? 'under both scenarios' : `under all ${counted(all.length, 'scenario')}`
}
