import type { ComparisonResult } from '../../harness/compare/paired-comparison.ts'
import { counted, formatDurationS, formatTime } from '../format.ts'
import { type Content, type Html, html, listed } from '../html.ts'
import type { View } from '../view.ts'
import { answerOf } from './answer.ts'
import { profiledOf } from './profiles.ts'
import { isConcerned, linkToUnusable } from './unusable.ts'

/** The run's name, how far it is, and the answer. */
export function heading(view: View): Html {
  const { header } = view
  return html`<header class="page-head">
<p class="run-name">weir <span aria-hidden="true">·</span> ${header.campaign} <span aria-hidden="true">·</span> ${header.id}</p>
<h1>${header.question || `Campaign ${header.campaign}`}</h1>
${profiledOf(header)}
${progressOf(view)}
<p class="answer">${answerOf(view)}${answerLinks(view)}</p>
<p class="facts">${factsOf(view)}</p>
</header>`
}

/** To what the answer sums up, where that stands further down the page. */
function answerLinks({ claims, ablation }: View): Content {
  const links = [
    ...(claims.length > 0 ? [html`<a href="#claims">Each claim beside what was measured</a>`] : []),
    ...(ablation.length > 0 ? [html`<a href="#ablation">What each optimisation is worth</a>`] : []),
  ]
  return links.length > 0 && html` <span class="answer-links">${links.map((link) => html`${link} `)}</span>`
}

/** Anything but a finished run says so before it answers. */
export function progressOf(view: View): Content {
  const { header, blocksIn, paired } = view
  const blocks = paired ? pairsInWords(paired) : blocksInWords(blocksIn, header.blocks)
  if (header.status === 'running') {
    return html`<p class="status">Still running: ${blocks}. What follows is provisional.</p>`
  }
  if (header.status === 'interrupted') return html`<p class="status">Stopped early: ${blocks}.</p>`
  return !paired && blocksIn.length < header.blocks && html`<p class="status">Incomplete: ${blocks}.</p>`
}

const pairsInWords = ({ validPairs }: ComparisonResult): string => `${counted(validPairs, 'pair')} can be used`

function blocksInWords(blocksIn: readonly number[], planned: number): Content {
  if (blocksIn.length === 0) return html`none of ${counted(planned, 'block')} is complete`
  if (blocksIn.length === 1) return html`block ${blocksIn[0]} of ${planned} is complete`
  return html`blocks ${listed(blocksIn)} of ${planned} are complete`
}

/** What was measured, how much of it cannot be used, and when. */
export function factsOf(view: View): Content {
  const { header, records } = view
  const unusable = records.filter(isConcerned).length
  const tookS = header.finishedAt && (Date.parse(header.finishedAt) - Date.parse(header.startedAt)) / 1000
  const facts: Content[] = [
    counted(view.variants.length, 'variant'),
    counted(view.charted.length, 'scenario'),
    counted(records.length, 'trial'),
    unusable > 0 ? linkToUnusable(view, `${unusable} of them not or not wholly usable`) : null,
    formatTime(header.startedAt),
    tookS ? formatDurationS(tookS) : null,
  ]
  return facts.filter((fact) => fact !== null).map((fact, at) => html`${at > 0 && ', '}${fact}`)
}
