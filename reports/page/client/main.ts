import { type PackedRun, unpackRun } from '../../data/packed-run.ts'
import { page } from './browser.ts'
import { ChartsOnPage } from './charts-on-page.ts'
import { CompareTwo } from './compare-two.ts'
import { figuresDataId, type PageData, pageDataId } from './data.ts'
import { chooseForestMetric } from './forest.ts'
import { nameColumnsOfCells } from './print-labels.ts'
import { RawFigures } from './raw-figures.ts'
import { unpack } from './unpack.ts'

/** The page's script: draws the charts, lets the legend hide and show variants, follows the colour scheme. */

async function chartsOfPage(): Promise<ChartsOnPage> {
  const data = await unpack<PageData>(pageDataId)
  const charts = new ChartsOnPage(data ?? { variants: [], charts: [] })
  if (data) chooseForestMetric(data)
  for (const button of page.document.querySelectorAll('button[data-variant]')) {
    const variant = Number(button.dataset.variant)
    button.addEventListener('click', () => button.setAttribute('aria-pressed', String(charts.toggle(variant))))
  }
  for (const button of page.document.querySelectorAll('button[data-choice]')) {
    const { chart = '', choice } = button.dataset
    button.addEventListener('click', () => {
      charts.choose(chart, Number(choice))
      for (const other of page.document.querySelectorAll(`button[data-chart="${chart}"]`)) {
        other.setAttribute('aria-pressed', String(other === button))
      }
    })
  }
  return charts
}

/** After the first charts: nobody opens a report for its last section. */
async function figuresOfPage(): Promise<void> {
  const packed = await unpack<PackedRun>(figuresDataId)
  if (!packed) return
  const run = unpackRun(packed)
  if (page.document.getElementById('compare')) new CompareTwo(run)
  if (page.document.getElementById('raw-figures')) new RawFigures(run, packed)
}

const charts = chartsOfPage()
void charts.then(figuresOfPage)
page.addEventListener('beforeprint', () => {
  nameColumnsOfCells()
  void charts.then((all) => all.drawAll())
})
