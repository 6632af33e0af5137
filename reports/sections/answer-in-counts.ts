import { type Change, formatChange } from '../format.ts'
import { type Content, type Html, html, listed, textOf } from '../html.ts'
import { challengers, primaryComparison, type VariantView, type View } from '../view.ts'
import { verdictWords } from './verdict-words.ts'

/** A sentence of more words than this is not read; it gives way to counts. */
export const mostWords = 50

/** Numbers in brackets are passed over by whoever reads. */
export const wordsIn = (sentence: Html): number =>
  textOf(sentence)
    .replace(/ \[[^\]]*\]/g, '')
    .split(/\s+/)
    .filter(Boolean).length

/** Of many variants: how many are worse or better somewhere, and the largest changes. Of an ablation the largest worths. */
export function answerInCounts(view: View): Html {
  const together = view.header.ablation?.together
  const variants = challengers(view).filter(({ name }) => name !== together)
  const parts = outcomes.flatMap((outcome) => {
    const changes = variants.flatMap((variant) => largestChange(view, variant, outcome) ?? [])
    return changes.length === 0 ? [] : [{ outcome, changes: changes.sort(bySize) }]
  })
  const of = html`of ${variants.length} variants`
  const clauses =
    parts.length === 0
      ? [html`none ${of} is shown to be worse or better under any scenario`]
      : parts.map(({ outcome, changes }, at) => clauseOf(outcome, changes, at === 0 ? of : null))
  return html`Compared with <strong>${view.header.baseline}</strong>, ${clauses.map((each, at) => html`${at > 0 && '; '}${each}`)}${allAtOnce(view)}.`
}

/** Before there are verdicts: the largest changes that one block shows. */
export function largestSoFar(view: View): Html {
  const changes = challengers(view).flatMap((variant) => largestChange(view, variant, null) ?? [])
  const most = listed(changes.sort(bySize).slice(0, mostNamed).map(named))
  return html`One usable block gives no verdict${most.length > 0 && html`; what changed most in it, against <strong>${view.header.baseline}</strong>: ${most}`}.`
}

type Outcome = 'regressed' | 'improved'

const outcomes: readonly Outcome[] = ['regressed', 'improved']

/** What a variant does to the primary metric of a scenario. */
interface NamedChange extends Change {
  variant: string
  scenario: string
  estimate: number
}

/** How many changes are named; of what is better one, or the sentence would be too long again. */
const mostNamed = 3

/** The largest change of a variant among those with such a verdict, as factors compare; none: no such verdict. */
function largestChange(view: View, variant: VariantView, outcome: Outcome | null): NamedChange | undefined {
  const changes = view.scenarios.flatMap((scenario) => {
    const comparison = primaryComparison(scenario, variant)
    if (!comparison || comparison.verdict !== outcome || comparison.estimate === null) return []
    const { estimate, lower, upper } = comparison
    return [{ variant: variant.name, scenario: scenario.name, estimate, lower, upper }]
  })
  return changes.sort(bySize)[0]
}

const bySize = (a: NamedChange, b: NamedChange): number =>
  Math.abs(Math.log1p(b.estimate)) - Math.abs(Math.log1p(a.estimate))

/** @param of how many there are of all, which the first clause says; null: it has been said */
function clauseOf(outcome: Outcome, changes: readonly NamedChange[], of: Html | null): Html {
  const verb = changes.length === 1 ? 'is' : 'are'
  const word = html`<span class="word ${outcome}">${verdictWords[outcome].inSentence}</span>`
  const most = listed(changes.slice(0, outcome === 'regressed' ? mostNamed : 1).map(named))
  return html`${changes.length}${of && html` ${of}`} ${verb} ${word}${of && ' under at least one scenario'}, most of all ${most}`
}

const named = ({ variant, scenario, ...change }: NamedChange): Html =>
  html`<strong>${variant}</strong> under ${scenario} <span class="estimates">(${formatChange(change)})</span>`

/** What undoing all of it changes most. */
function allAtOnce(view: View): Content {
  const together = view.variants.find(({ name }) => name === view.header.ablation?.together)
  if (!together) return null
  const [largest] = outcomes.flatMap((outcome) => largestChange(view, together, outcome) ?? []).sort(bySize)
  return largest && html`; all at once, ${named(largest)}`
}
