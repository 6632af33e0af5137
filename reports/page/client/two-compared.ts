import type { Comparison } from '../../../harness/compare/campaign.ts'
import { variantsUnder } from '../../../harness/compare/cells.ts'
import { logRatios, mean } from '../../../harness/compare/estimate.ts'
import { headlineRows } from '../../../harness/compare/headlines.ts'
import { primaryId } from '../../../harness/compare/pairs.ts'
import { compareTwo } from '../../../harness/compare/two-variants.ts'
import type { Run } from '../../../harness/record/schema.ts'
import { rowOf } from '../../data/metric-row.ts'
import { pairedValues } from '../../data/paired-values.ts'
import {
  counted,
  formatDifference,
  formatRatio,
  formatRatioInterval,
  formatScope,
  formatStat,
  formatValue,
  noNumber,
} from '../../format.ts'
import { type Content, type Html, html, listed } from '../../html.ts'
import { verdictWords } from '../../sections/verdict-words.ts'

/** For each scenario the primary metric and the headlines of B against A. */
export function twoCompared(run: Run, a: string, b: string): Html {
  const { comparisons } = compareTwo(run, a, b)
  return html`${run.header.scenarios.map(({ name, primary }) => {
    const own = comparisons.filter(({ scenario }) => scenario === name)
    const rows = [
      ...own.filter((each) => each.primary),
      ...headlineRows(own, primaryId(primary)).flatMap((row) => row.comparisons),
    ]
    return html`<h3 class="sub-title">${name}</h3>
${rows.length > 0 ? table(name, rows, a, b) : html`<p class="small">${whyNone(run, name, [a, b])}</p>`}`
  })}`
}

function whyNone({ header }: Run, scenario: string, names: readonly string[]): Html {
  const under = variantsUnder(header, scenario).map(({ name }) => name)
  const apart = names.filter((name) => !under.includes(name))
  if (apart.length > 0) return html`${listed(apart)} ${apart.length === 1 ? 'does' : 'do'} not run under this scenario.`
  return html`No block has a usable trial of both.`
}

const table = (scenario: string, rows: readonly Comparison[], a: string, b: string): Html =>
  html`<div class="scroll" role="region" tabindex="0" aria-label="${scenario}, ${b} against ${a}"><table class="numbers two">
<thead><tr><th scope="col" class="row-name">Metric</th><th scope="col" class="column">A: ${a}</th><th scope="col" class="column">B: ${b}</th><th scope="col" class="column">Change</th><th scope="col" class="column">Interval or range</th><th scope="col" class="text">Verdict</th></tr></thead>
<tbody>${rows.map((each) => row(scenario, each))}</tbody></table></div>`

function row(scenario: string, each: Comparison): Html {
  const { metric, stat, scope, unit, better, lower, upper, primary } = each
  const { a, b, difference, change } = meansOf(each)
  const name = [rowOf({ metric, stat, unit, better }).label, formatStat(stat)].filter(Boolean).join(', ')
  return html`<tr data-scenario="${scenario}" data-metric="${metric}"${primary && html` class="primary-row"`}><th scope="row" class="row-name">${name}<span class="description">${primary && 'primary, '}${formatScope(scope) ?? 'whole load'}${better !== 'none' && `; ${better} is better`}</span></th>
<td><data value="${a}">${formatValue(a, unit)}</data></td><td><data value="${b}">${formatValue(b, unit)}</data></td>
<td><data class="estimate" value="${change ?? ''}">${formatRatio(change)}</data><span class="range"><data value="${difference}">${formatDifference(difference, unit)}</data></span></td>
<td data-lower="${lower ?? ''}" data-upper="${upper ?? ''}">${formatRatioInterval(lower, upper) || noNumber}<span class="range">${counted(each.pairs, 'block')}${each.excludedPairs > 0 && `, ${each.excludedPairs} excluded`}</span></td>
<td class="text">${verdictOf(each)}</td></tr>
`
}

/**
 * Both sides and what changed, all of them means over the same blocks, so that B minus A is the difference. The change is the
 * mean on the log scale, as that of a verdict is; null where there is no ratio.
 */
function meansOf(comparison: Comparison): { a: number; b: number; difference: number; change: number | null } {
  const { baseline, variant } = pairedValues(comparison)
  const [a, b, logs] = [mean(baseline), mean(variant), logRatios(baseline, variant)]
  return { a, b, difference: b - a, change: logs && Math.expm1(mean(logs)) }
}

/** Words only where the method gives one. */
function verdictOf({ verdict, doubt, primary }: Comparison): Content {
  if (verdict === null) return primary ? 'one block: no verdict' : html`<span class="small">describes</span>`
  const { sign, word } = verdictWords[verdict]
  return html`<span class="verdict ${verdict}"><span aria-hidden="true">${sign}</span> ${word}</span>${doubt !== null && html`<span class="description">${doubt}</span>`}`
}
