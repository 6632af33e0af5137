import { conditions } from '../conditions.ts'
import type { Cell } from '../evaluate.ts'
import type { StudyMetric } from '../metrics.ts'
import type { Rule } from '../procedures/rule.ts'
import { cellOf, medianMinutes, metricsOf, type Results, tallyOf } from './results.ts'
import { markdownTable, minutesText, percent } from './text.ts'

/** One table a metric: what every rule found of every change, and in how many minutes. */
export function powerSection(results: Results): string {
  return [
    '## Where something changed',
    '',
    'Share of comparisons that found the change and said that it is for the worse; the minutes by which half of those had found it, which count the pairs that cannot be used, as the budgets do; after "wrong", the share that called it an improvement. What a change does not touch (see the effects above) is not to be found, and a share there is no merit.',
    '',
    '![Share of changes found, over the minutes of measuring](power.svg)',
    '',
    '![Share of changes found in throughput, by rule](rules.svg)',
    ...metricsOf(results).flatMap((metric) => ['', `### ${metric.title}`, '', tableOf(results, metric)]),
  ].join('\n')
}

function tableOf(results: Results, metric: StudyMetric): string {
  const rules = results.rules.all.filter((rule) => rule.appliesTo(metric))
  const rows = conditions.slice(1).flatMap(({ name, title }) => {
    const cell = cellOf(results, name, metric.key)
    return cell ? [[title, ...rules.map((rule) => inWords(results, cell, rule))]] : []
  })
  return markdownTable(['change', ...rules.map(({ title }) => title)], rows)
}

function inWords(results: Results, cell: Cell, rule: Rule): string {
  const tally = tallyOf(cell, rule)!
  const minutes = medianMinutes(results, cell, tally)
  const time = minutes === null ? '' : `, ${minutesText(minutes)}`
  const wrong = tally.better === 0 ? '' : `, wrong ${percent(tally.better / cell.comparisons)}`
  return `${percent(tally.worse / cell.comparisons)}${time}${wrong}`
}
