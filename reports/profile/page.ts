import { counted } from '../format.ts'
import { type Content, type Html, html } from '../html.ts'
import { flameDataId } from '../page/client/flame-data.ts'
import { packed } from '../page/pack.ts'
import { pageDocument } from '../page/shell.ts'
import { changesOf, grownMost, growth } from './difference.ts'
import { differentialFlame, type FlameFrame, flameOf } from './flame.ts'
import { flameData } from './flame-data.ts'
import { functionsOf } from './functions.ts'
import { type Column, functionTable } from './table.ts'
import type { ProfileTree } from './tree.ts'
import { growthInWords, kindsInWords, shareInWords } from './words.ts'

/** What a page of a profile says of where it comes from. */
export interface ProfileFacts {
  run: string
  variant: string
  scenario: string
  /** Address of the run's report, relative to the page. */
  report: string
}

/** The flame view of one program: where its threads spent the time of a load. @param tree of functions told apart by line */
export async function renderFlame(tree: ProfileTree, facts: ProfileFacts): Promise<string> {
  const functions = functionsOf(tree, true)
  const [first] = functions
  const answer = first
    ? html`<strong>${first.name}</strong> takes most of the work by itself: ${shareInWords(first.self)}.`
    : 'There is no work in it.'
  const columns: Column<(typeof functions)[number]>[] = [
    { title: 'Self', value: ({ self }) => self, text: ({ self }) => shareInWords(self) },
    { title: 'Total', value: ({ total }) => total, text: ({ total }) => shareInWords(total) },
  ]
  return await profileDocument({
    facts,
    question: `Where does ${facts.variant} spend its time under ${facts.scenario}?`,
    answer,
    numbers: html`${counted(tree.samples, 'sample')} of work, at most one a millisecond; ${formatSeconds(tree.idleUs)} in which threads waited are left out.`,
    method: flameMethod,
    flame: flameOf(tree),
    legend: kindLegend,
    table: functionTable(functions, columns),
  })
}

/** What a program does more and less than another one. Both trees are of functions that are told apart by name and file. */
export async function renderDifference(
  before: ProfileTree,
  after: ProfileTree,
  facts: ProfileFacts & { against: string },
): Promise<string> {
  const changes = changesOf(before, after)
  const [grown] = grownMost(changes, 1)
  const columns: Column<(typeof changes)[number]>[] = [
    { title: 'Change of self, points', value: ({ self }) => growth(self), text: ({ self }) => growthInWords(self) },
    {
      title: `Self, ${facts.against}`,
      value: ({ self }) => self.before,
      text: ({ self }) => shareInWords(self.before),
    },
    { title: `Self, ${facts.variant}`, value: ({ self }) => self.after, text: ({ self }) => shareInWords(self.after) },
    {
      title: 'Change of total, points',
      value: ({ total }) => growth(total),
      text: ({ total }) => growthInWords(total),
    },
  ]
  return await profileDocument({
    facts,
    question: `What does ${facts.variant} do that ${facts.against} does not, under ${facts.scenario}?`,
    answer: grown
      ? html`<strong>${grown.name}</strong> grew most: from ${shareInWords(grown.self.before)} of the work to ${shareInWords(grown.self.after)}.`
      : 'No function has a larger share than before.',
    numbers: html`${counted(before.samples, 'sample')} of ${facts.against}, ${counted(after.samples, 'sample')} of ${facts.variant}, at most one a millisecond.`,
    method: differenceMethod,
    flame: differentialFlame(before, after),
    legend: changeLegend,
    table: functionTable(changes, columns),
  })
}

interface Parts {
  facts: ProfileFacts
  question: string
  answer: Content
  numbers: Content
  method: Html
  flame: FlameFrame
  legend: Html
  table: Html
}

async function profileDocument({
  facts,
  question,
  answer,
  numbers,
  method,
  flame,
  legend,
  table,
}: Parts): Promise<string> {
  const { data, leftOut } = flameData(flame)
  const body = html`<main class="profile">
<header class="page-head">
<p class="run-name">weir <span aria-hidden="true">·</span> profile <span aria-hidden="true">·</span> ${facts.run}</p>
<h1>${question}</h1>
<p class="answer">${answer}</p>
<p class="facts">${numbers} <a href="${facts.report}">Report of the run</a></p>
<p class="status">Profiled: no number of this run is held against those of a run that was not.</p>
</header>
<section aria-labelledby="flame-title">
<h2 id="flame-title">Flame</h2>
${method}
<noscript><p class="status">The flame needs JavaScript; all that is in it is in the table below.</p></noscript>
<div class="flame-tools"><label for="flame-search">Find functions</label> <input id="flame-search" type="search" autocomplete="off" spellcheck="false" placeholder="name or file"> <button type="button" id="flame-reset">Show all</button> <span id="flame-found" role="status"></span></div>
${legend}
<div id="flame" class="flame" role="tree" aria-labelledby="flame-title" aria-describedby="flame-keys"></div>
<p id="flame-detail" class="flame-detail"></p>
<p id="flame-keys" class="small">Click or Enter shows a function in full width, Escape shows all again; arrow keys move: up to the caller, down to what takes most of it, left and right beside it.${leftOut > 0 && ` ${counted(leftOut, 'frame')} of less than a pixel are left out.`}</p>
</section>
<section aria-labelledby="functions-title">
<h2 id="functions-title">Functions</h2>
<p class="lead">Self is the share of the work in the function itself, total with all that it calls.</p>
${table}
</section>
</main>`
  return pageDocument(`${question} weir profile`, body, await packed(flameDataId, data), { script: 'flame' })
}

const flameMethod = html`<p class="lead">Each bar is a function, below the one that called it; its width is the share of the work in it and in what it calls. What lies beside each other is in no order of time: the widest comes first.</p>`

const differenceMethod = html`<p class="lead">Each bar is a function, below the one that called it. Its width is the mean of its two shares, so that what went away is seen, too; colour and sign say by how many points its share grew or shrank. Functions are the same by name and file. One trial each: a difference of a point or two may be chance.</p>`

const kindLegend = html`<ul class="flame-legend">${Object.entries(kindsInWords).map(([kind, words]) => html`<li><span class="frame-swatch frame-${kind}"></span>${words}</li>`)}</ul>`

const changeLegend = html`<ul class="flame-legend"><li><span class="frame-swatch frame-grown-2"></span>+ a larger share than before</li><li><span class="frame-swatch frame-shrunk-2"></span>− a smaller one</li><li><span class="frame-swatch frame-same"></span>as before, within half a point</li></ul>`

const formatSeconds = (us: number): string => `${(us / 1e6).toFixed(1)} s`
