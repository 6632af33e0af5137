import { aboveInWords } from '../../harness/compare/invalidity.ts'
import type { Invalidity, TrialRecord } from '../../harness/record/schema.ts'
import { formatScope } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import type { View } from '../view.ts'
import type { Section } from './section.ts'

const stages = {
  service: 'A service beside the target failed',
  target: 'The target failed',
  generator: 'The load generator failed',
  load: 'The load failed',
  task: 'The task failed',
  turns: 'What it took turns with failed',
}

/** Trials whose numbers may not be used, or not all of them, and why. */
export const unusable: Section = {
  id: 'unusable',
  title: 'Trials that could not be used',
  render: ({ records, paired }) => {
    const concerned = records.filter(isConcerned)
    if (concerned.length === 0) return null
    return html`<p class="lead">No number of a failed trial, or of the part that is named, went into a verdict, a chart or a figure, but for medians of times where these stand.</p>
<ul class="trials">${concerned.map((record) => trialItem(record, paired ? 'pair' : 'block'))}</ul>`
  },
}

/** Not one of its numbers may be used, or not all of them. */
export const isConcerned = ({ failure, invalid }: TrialRecord): boolean => failure !== undefined || invalid.length > 0

/** A link to this section, or the text alone where the page has no such section: then a number was just not observed. */
export const linkToUnusable = ({ records }: Pick<View, 'records'>, text: string): Content =>
  records.some(isConcerned) ? html`<a href="#unusable">${text}</a>` : text

function trialItem(record: TrialRecord, noun: 'block' | 'pair'): Html {
  const { trial, variant, scenario, key, failure, invalid } = record
  return html`<li><p><strong>${variant}</strong>, ${scenario}, ${noun} ${key.block} <span class="stat">trial ${trial}</span></p>
${failure && html`<p>${stages[failure.stage]}: ${failure.message}</p>${outputTail(failure.outputTail)}`}
${invalid.map((each) => html`<p>${notUsed(each)} (<code>${each.code}</code>): ${each.message}</p>`)}</li>
`
}

const notUsed = (invalidity: Invalidity): string => {
  const part = formatScope(invalidity)
  return `Not used${part === null ? '' : ` for ${part}`}${aboveInWords(invalidity)}`
}

const outputTail = (lines: readonly string[]): Content =>
  lines.length === 0
    ? html`<p class="small">It printed nothing.</p>`
    : html`<details><summary>Last ${lines.length === 1 ? 'line' : `${lines.length} lines`} of output</summary><pre tabindex="0">${lines.join('\n')}</pre></details>`
