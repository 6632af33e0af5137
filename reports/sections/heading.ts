import { counted, formatDurationS, formatTime } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import type { View } from '../view.ts'
import { answerOf } from './answer.ts'

/** The run's name, how far it is, and the answer. */
export function heading(view: View): Html {
  const { header } = view
  return html`<header class="page-head">
<p class="run-name">weir <span aria-hidden="true">·</span> ${header.campaign} <span aria-hidden="true">·</span> ${header.id}</p>
<h1>${header.question || `Campaign ${header.campaign}`}</h1>
${progressOf(view)}
<p class="answer">${answerOf(view)}</p>
<p class="facts">${factsOf(view)}</p>
</header>`
}

/** Anything but a finished run says so before it answers. */
function progressOf({ header, blocksIn }: View): Content {
  const blocks = `${blocksIn} of ${counted(header.blocks, 'block')} ${blocksIn === 1 ? 'is' : 'are'} in`
  if (header.status === 'running')
    return html`<p class="status">Still running: ${blocks}. What follows is provisional.</p>`
  if (header.status === 'interrupted') return html`<p class="status">Stopped early: ${blocks}.</p>`
  return blocksIn < header.blocks && html`<p class="status">Incomplete: ${blocks}.</p>`
}

function factsOf(view: View): Content {
  const { header, records } = view
  const unusable = records.filter((record) => record.failure !== undefined || record.invalid.length > 0).length
  const tookS = header.finishedAt && (Date.parse(header.finishedAt) - Date.parse(header.startedAt)) / 1000
  const facts: Content[] = [
    counted(view.variants.length, 'variant'),
    counted(view.scenarios.length, 'scenario'),
    counted(records.length, 'trial'),
    unusable > 0 ? html`<a href="#unusable">${unusable} of them not or not wholly usable</a>` : null,
    formatTime(header.startedAt),
    tookS ? formatDurationS(tookS) : null,
  ]
  return facts.filter((fact) => fact !== null).map((fact, at) => html`${at > 0 && ', '}${fact}`)
}
