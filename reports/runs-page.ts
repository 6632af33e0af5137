import { compareRun } from '../harness/compare/campaign.ts'
import type { Run } from '../harness/record/schema.ts'
import { inOrder, runsInWords, trendsOfRuns } from './data/trends.ts'
import { renderHistory } from './history-page.ts'
import { type Html, html, withoutLinks } from './html.ts'
import { answerOf } from './sections/answer.ts'
import { factsOf } from './sections/heading.ts'
import { viewOf } from './view.ts'

/**
 * Several runs as one self-contained HTML page: what each answers, then the page of a history over them.
 *
 * @throws UserError where a header's `primary` of a scenario cannot be read
 */
export function renderRuns(runs: readonly Run[]): Promise<string> {
  const ordered = inOrder(runs)
  const introduction = html`<section id="runs" aria-labelledby="runs-title">
<h2 id="runs-title">Runs</h2>
<div class="scroll" role="region" tabindex="0" aria-label="Runs"><table class="claim-table">
<thead><tr><th scope="col">Run</th><th scope="col">Machine</th><th scope="col">Answer</th></tr></thead>
<tbody>
${ordered.map(row)}
</tbody>
</table></div>
</section>`
  return renderHistory(trendsOfRuns(ordered), { name: `report of ${runsInWords(ordered)}`, introduction })
}

function row(run: Run): Html {
  const { id, campaign, environment } = run.header
  const view = viewOf(run, compareRun(run))
  return html`<tr data-run="${id}"><th scope="row">${id}<span class="description">${campaign}</span></th><td>${environment.fingerprint}</td><td>${withoutLinks(answerOf(view))}<span class="description">${withoutLinks(html`${factsOf(view)}`)}</span></td></tr>
`
}
