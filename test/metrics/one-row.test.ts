import assert from 'node:assert/strict'
import { registerHooks } from 'node:module'
import { test } from 'node:test'
import type { Run } from '../../harness/record/schema.ts'

/** The table of metrics has one row more in this process, as if somebody had written it there; nothing else is told of it. */
const row = ['made_up_queue_depth', 'Depth of a made-up queue', 'value', 'count', 'lower', 'headline'] as const
const rowsOfTarget = "...rows('target', ["
let isAdded = false
registerHooks({
  load(url, context, next) {
    const loaded = next(url, context)
    if (!url.endsWith('/harness/metrics/table.ts')) return loaded
    const source = String(loaded.source)
    isAdded = source.includes(rowsOfTarget)
    return { ...loaded, source: source.replace(rowsOfTarget, `${rowsOfTarget}${JSON.stringify(row)},`) }
  },
})

const { goldenRun } = await import('../support/records.ts')
const { compareRun } = await import('../../harness/compare/campaign.ts')
const { tableOf } = await import('../../harness/commands/run/outputs.ts')
const { reportFormats } = await import('../../reports/formats/table.ts')

const [name, label, , unit, better] = row

/** A run in which every trial has observed the metric: by the place of its variant 4100, 4101, ... */
function runWithMetric(): Run {
  const run = goldenRun({ samples: 100 })
  const places = run.header.variants.map((variant) => variant.name)
  const records = run.records.map((record) => {
    const value = 4100 + places.indexOf(record.variant)
    const observation = { metric: name, stat: 'value', value, unit, better, source: 'target' as const }
    return { ...record, observations: [...record.observations, observation] }
  })
  return { ...run, records }
}

test('A row in the table of metrics is all that a metric needs to be on the page, in the terminal, in Markdown and in CSV', async () => {
  const run = runWithMetric()
  assert.ok(isAdded)
  const rendered = async (format: keyof typeof reportFormats): Promise<string> =>
    await reportFormats[format].render([run])
  const page = await rendered('html')
  assert.match(
    page,
    new RegExp(`<th scope="row" class="row-name">${label} <span class="stat"></span>(?:(?!<tr).)*4,100`),
  )
  assert.match(tableOf(run, { width: 80, color: false }), new RegExp(`^  ${label} +4100 `, 'm'))
  assert.match(await rendered('md'), new RegExp(`^\\| ${label} .*\\| 4,100 `, 'm'))
  const lines = (await rendered('csv')).split('\r\n').filter((line) => line.includes(`,${name},value,`))
  assert.equal(lines.length, run.records.length)
  assert.ok(lines.every((line) => /,410[0-3],count,/.test(line)))
  assert.ok(compareRun(run).comparisons.some(({ metric }) => metric === name))
})
