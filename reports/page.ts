import type { CampaignComparison } from '../harness/compare/campaign.ts'
import type { Run } from '../harness/record/schema.ts'
import { effectRows } from './data/effect-rows.ts'
import { effectsOf } from './data/effects.ts'
import { digitsToTry, packRun } from './data/packed-run.ts'
import { type Html, html } from './html.ts'
import { pageAssets } from './page/bundle.ts'
import { figuresDataId, type PageData, pageDataId } from './page/client/data.ts'
import { packed } from './page/pack.ts'
import { pageDocument } from './page/shell.ts'
import { heading } from './sections/heading.ts'
import { legend } from './sections/legend.ts'
import { chartData, type PreparedChart, prepareCharts, scenarioCharts } from './sections/scenario-charts.ts'
import type { Section } from './sections/section.ts'
import { skipLink } from './sections/skip-link.ts'
import { sectionsAfterCharts, sectionsBeforeCharts } from './sections/table.ts'
import { type View, viewOf } from './view.ts'

/**
 * The report of a run: one self-contained HTML page that needs no network. Runs of any state can be rendered: still
 * going on, interrupted, with failed or invalid trials, without a single usable pair.
 *
 * @param comparison what `compareRun` says of the same run
 * @throws UserError where the header's `primary` of a scenario cannot be read
 */
export async function renderReport(run: Run, comparison: CampaignComparison): Promise<string> {
  // Elsewhere, while this thread makes the rest; who fails is told of where it is awaited.
  pageAssets('main').catch(() => {})
  const [digits, ...fewerDigits] = digitsToTry(run)
  const figures = packed(figuresDataId, packRun(run, digits))
  await new Promise((resolve) => setImmediate(resolve))
  const view = viewOf(run, comparison)
  const charts = prepareCharts(view)
  const data: PageData = {
    variants: view.variants.map(({ name }) => name),
    charts: chartData(charts),
    effects: effectsOf(view).map(effectRows),
  }
  const title = `${run.header.campaign}, ${run.header.id}: weir report`
  const chartBlock = packed(pageDataId, data)
  const body = bodyOf(view, charts)
  const pageWith = async (figures: Html) =>
    pageDocument(
      title,
      body,
      html`${await chartBlock}
${figures}`,
    )
  let page = await pageWith(await figures)
  for (const fewer of fewerDigits) {
    if (Buffer.byteLength(page) <= mostBytes) break
    page = await pageWith(await packed(figuresDataId, packRun(run, fewer)))
  }
  return page
}

/** A page that opens at once, and can be sent to somebody. */
const mostBytes = 2_000_000

function bodyOf(view: View, charts: readonly PreparedChart[]): Html {
  const answers = rendered(view, sectionsBeforeCharts)
  const charted = rendered(view, chartSections(view, charts))
  const others = rendered(view, sectionsAfterCharts)
  return html`${skipLink('contents', 'the list of sections')}
<main${isLarge(view) && html` class="large"`}>
${heading(view)}
<nav id="contents" tabindex="-1" aria-label="On this page">${[...answers, ...charted, ...others].map(({ id, title }) => html`<a href="#${id}">${title}</a> `)}</nav>
${answers.map(sectionMarkup)}
<div>
${charts.length > 0 && html`<noscript><p class="status">The charts need JavaScript; all numbers are below.</p></noscript>${legend(view)}`}
${charted.map(sectionMarkup)}
</div>
${others.map(sectionMarkup)}
</main>`
}

/** Of so many cells layout alone takes a browser seconds. */
const isLarge = ({ scenarios }: View): boolean =>
  scenarios.reduce((cells, { variants }) => cells + variants.length, 0) > 60

type Rendered = Section & { content: Html }

/** Those that this run has something for. */
const rendered = (view: View, sections: readonly Section[]): Rendered[] =>
  sections.flatMap((section) => {
    const content = section.render(view)
    return content ? [{ ...section, content }] : []
  })

/** Each scenario is a section of its own, with all of its charts. */
const chartSections = (view: View, charts: readonly PreparedChart[]): Section[] =>
  view.charted.map((scenario, at) => ({
    id: `scenario-${at}`,
    title: scenario.name,
    render: () =>
      scenarioCharts(
        scenario,
        charts.filter((each) => each.scenario === scenario),
      ),
  }))

const sectionMarkup = ({ id, title, content }: Rendered): Html =>
  html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${content}
</section>
`
