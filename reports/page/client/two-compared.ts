import type { Comparison } from '../../../harness/compare/campaign.ts'
import { variantsUnder } from '../../../harness/compare/cells.ts'
import { median } from '../../../harness/compare/estimate.ts'
import { headlineRows } from '../../../harness/compare/headlines.ts'
import { primaryId } from '../../../harness/compare/pairs.ts'
import { compareTwo } from '../../../harness/compare/two-variants.ts'
import type { Run } from '../../../harness/record/schema.ts'
import { rowOf } from '../../data/metric-row.ts'
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
import { type Content, type Html, html } from '../../html.ts'
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

function whyNone({ header }: Run, scenario: string, names: readonly string[]): string {
  const under = variantsUnder(header, scenario).map(({ name }) => name)
  const apart = names.filter((name) => !under.includes(name))
  if (apart.length > 0)
    return `${apart.join(' and ')} ${apart.length === 1 ? 'does' : 'do'} not run under this scenario.`
  return 'No block has a usable trial of both.'
}

const table = (scenario: string, rows: readonly Comparison[], a: string, b: string): Html =>
  html`<div class="scroll" role="region" tabindex="0" aria-label="${scenario}, ${b} against ${a}"><table class="numbers two">
<thead><tr><th scope="col" class="row-name">Metric</th><th scope="col" class="column">A: ${a}</th><th scope="col" class="column">B: ${b}</th><th scope="col" class="column">Change</th><th scope="col" class="column">Interval or range</th><th scope="col" class="text">Verdict</th></tr></thead>
<tbody>${rows.map((each) => row(scenario, each))}</tbody></table></div>`

function row(scenario: string, each: Comparison): Html {
  const { metric, stat, scope, unit, better, estimate, lower, upper, difference, values, primary } = each
  const name = [rowOf({ metric, stat, unit, better }).label, formatStat(stat)].filter(Boolean).join(', ')
  return html`<tr data-scenario="${scenario}" data-metric="${metric}"${primary && html` class="primary-row"`}><th scope="row" class="row-name">${name}<span class="description">${primary && 'primary, '}${formatScope(scope) ?? 'whole load'}${better !== 'none' && `; ${better} is better`}</span></th>
<td>${middleOf(values.baseline, each)}</td><td>${middleOf(values.variant, each)}</td>
<td><data class="estimate" value="${estimate ?? ''}">${formatRatio(estimate)}</data><span class="range">${formatDifference(difference.estimate, unit)}</span></td>
<td data-lower="${lower ?? ''}" data-upper="${upper ?? ''}">${formatRatioInterval(lower, upper) || noNumber}<span class="range">${counted(each.pairs, 'block')}${each.excludedPairs > 0 && `, ${each.excludedPairs} excluded`}</span></td>
<td class="text">${verdictOf(each)}</td></tr>
`
}

function middleOf(values: readonly (number | null)[], { unit }: Comparison): string {
  const usable = values.filter((value) => value !== null)
  return usable.length === 0 ? noNumber : formatValue(median(usable), unit)
}

/** Words only where the method gives one. */
function verdictOf({ verdict, doubt, primary }: Comparison): Content {
  if (verdict === null) return primary ? 'one block: no verdict' : html`<span class="small">describes</span>`
  const { sign, word } = verdictWords[verdict]
  return html`<span class="verdict ${verdict}"><span aria-hidden="true">${sign}</span> ${word}</span>${doubt !== null && html`<span class="description">${doubt}</span>`}`
}
