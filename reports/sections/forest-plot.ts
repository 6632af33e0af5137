import { type RatioScale, ratioScale } from '../charts/ratio-scale.ts'
import type { Effect, EffectsOfMetric, EffectsOfNumber } from '../data/effects.ts'
import { counted, formatRatio, formatRatioInterval, noNumber } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { dot, intervalBar, onGround, ratioGround, ratioPicture, ratioTicks } from './ratio-picture.ts'
import { variantChoice } from './variant-choice.ts'
import { verdictWords } from './verdict-words.ts'

interface NamedVariants {
  /** By index. */
  names: readonly string[]
  /** Whether a name chooses its variant for the comparison of any two. */
  areChoices: boolean
}

/**
 * The effects on one metric as a table with a picture in each row. The page has that of the first metric, its script makes the
 * others by this same function.
 */
export function forestPlot({ title, numbers }: EffectsOfMetric, variants: NamedVariants): Html {
  const effects = numbers.flatMap((number) => number.effects)
  const scale = ratioScale(
    effects.flatMap(({ estimate, lower, upper }) =>
      [estimate, lower, upper].flatMap((each) => (each === null ? [] : [1 + each])),
    ),
  )
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${title}: effects with intervals"><table class="numbers forest">
<thead><tr><th scope="col" class="row-name">Variant</th><th scope="col" class="picture-column"><span class="unseen">Effect with its interval, on a log scale</span>${ratioTicks(scale)}</th><th scope="col" class="column">Change</th><th scope="col" class="column">95% interval</th><th scope="col" class="column">Pairs</th></tr></thead>
${numbers.map((number, at) => group(number, `forest-ground-${at}`, scale, variants))}
</table></div>`
}

function group(number: EffectsOfNumber, ground: string, scale: RatioScale, variants: NamedVariants): Html {
  return html`<tbody><tr><th scope="rowgroup" class="scope-name" colspan="5"><span>${number.scenario} <span class="stat">${number.number}</span>${ratioGround(ground, scale, number.margins.equivalence)}</span></th></tr>
${number.effects.map((effect) => row(effect, ground, scale, variants))}</tbody>
`
}

function row(effect: Effect, ground: string, scale: RatioScale, variants: NamedVariants): Html {
  const { variant, estimate, lower, upper, pairs } = effect
  return html`<tr><th scope="row" class="row-name">${variantChoice({ name: variants.names[variant] ?? '', index: variant }, variants.areChoices)}</th><td class="picture-column">${estimate !== null && ratioPicture([onGround(ground), intervalBar(scale, lower, upper), dot(scale, estimate)], 'effect')}</td><td>${verdictOf(effect)}${estimate === null ? noNumber : html`<data value="${estimate}">${formatRatio(estimate)}</data>`}</td><td>${intervalOf(effect)}</td><td>${counted(pairs, 'pair')}</td></tr>
`
}

function verdictOf({ verdict }: Effect): Content {
  if (verdict === null) return null
  const { sign, word } = verdictWords[verdict]
  return html`<span class="word ${verdict}" title="${word}"><span aria-hidden="true">${sign}</span><span class="unseen">${word}</span></span> `
}

const intervalOf = ({ lower, upper }: Effect): Content =>
  lower === null || upper === null
    ? noNumber
    : html`<span data-lower="${lower}" data-upper="${upper}">${formatRatioInterval(lower, upper)}</span>`
