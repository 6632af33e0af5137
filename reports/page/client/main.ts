import type { Run } from '../../../harness/record/schema.ts'
import { type PackedRun, unpackRun } from '../../data/packed-run.ts'
import { page } from './browser.ts'
import { ChartsOnPage } from './charts-on-page.ts'
import { CompareTwo } from './compare-two.ts'
import { figuresDataId, type PageData, pageDataId } from './data.ts'
import { chooseForestMetric } from './forest.ts'
import { tellLegendHeight } from './legend-height.ts'
import { whenNear } from './near.ts'
import { nameColumnsOfCells, repeatLegend } from './print-labels.ts'
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

interface Figures {
  run: Run
  packed: PackedRun
}

let figures: Promise<Figures> | undefined

/** All that was observed is most of what the page carries: it is read when it is first asked for. */
const figuresOfPage = (): Promise<Figures> => (figures ??= readFigures())

async function readFigures(): Promise<Figures> {
  const packed = await unpack<PackedRun>(figuresDataId)
  if (!packed) throw new Error('the page carries no figures')
  return { run: unpackRun(packed), packed }
}

/** Near is far off here: its rows are to be there when the reader is. */
function showFiguresWhenNear(): void {
  const section = page.document.getElementById('raw-figures')?.closest('section')
  if (!section) return
  whenNear([section], '2000px', async () => {
    const { run, packed } = await figuresOfPage()
    new RawFigures(run, packed)
  })
}

const charts = chartsOfPage()
if (page.document.getElementById('compare')) new CompareTwo(async () => (await figuresOfPage()).run)
showFiguresWhenNear()
tellLegendHeight()
page.addEventListener('beforeprint', () => {
  nameColumnsOfCells()
  repeatLegend()
  void charts.then((all) => all.drawAll())
})
