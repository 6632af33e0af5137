import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareRun } from '../../../harness/compare/campaign.ts'
import { prepareCharts, scenarioCharts } from '../../../reports/sections/scenario-charts.ts'
import { viewOf } from '../../../reports/view.ts'
import { goldenRun } from '../../support/records.ts'

const sessions = 'ten-thousand-sessions'
const golden = goldenRun({ samples: 100, blocks: 1 })

test('Where nothing failed, that is said in place of a chart.', () => {
  const view = viewOf(golden, compareRun(golden))
  const { markup } = scenarioCharts(view.scenarios[0]!, prepareCharts(view))
  assert.match(markup, /When did requests fail\?[\s\S]*?<p class="empty">Nothing failed in any usable trial\.</)
})

test('Below a chart of cost stands which variant has none, and that it lacks growth, not usable trials.', () => {
  const run = goldenRun({ samples: 100, blocks: 1 })
  const still = run.records.find(({ variant, scenario }) => variant === 'mutex' && scenario === sessions)!
  for (const each of still.series.filter(({ metric }) => metric === 'vus')) each.v = each.v.map(() => 10_000)
  const view = viewOf(run, compareRun(run))
  const scenario = view.scenarios.find(({ name }) => name === sessions)!
  const prepared = prepareCharts(view).filter((each) => each.scenario.name === sessions)
  const { markup } = scenarioCharts(scenario, prepared)
  const missing = [...markup.matchAll(/<span class="missing">(.*?)<\/span>/g)].map(([, text]) => text)
  const grown = 'Not drawn, no usable trial in which the load made its sessions more: mutex.'
  assert.deepEqual(missing, [
    grown,
    grown,
    'Not drawn, no usable trial in which the load made its sessions, and its operations a second, more: mutex.',
  ])
})
