import assert from 'node:assert/strict'
import { registerHooks } from 'node:module'
import { test } from 'node:test'
import type { Observation, Run } from '../../harness/record/schema.ts'

/** The table of metrics has these rows more in this process, as if somebody had written them there; nothing else is told of them. */
const added = [
  {
    source: 'target',
    row: ['made_up_queue_depth', 'Depth of a made-up queue', 'value', 'count', 'lower', 'headline'],
    stats: { value: 4100 },
    shown: 'value',
  },
  {
    source: 'generator',
    row: ['made_up_backlog', 'Backlog of a made-up generator', 'value', 'count', 'lower', 'headline'],
    stats: { value: 4100 },
    shown: 'value',
  },
  {
    source: 'engine',
    row: ['made_up_drops', 'Made-up drops', 'counter', 'count', 'lower', 'headline'],
    stats: { rate: 77, count: 4100 },
    shown: 'count',
  },
] as const
const isAdded = new Set<string>()
registerHooks({
  load(url, context, next) {
    const loaded = next(url, context)
    if (!url.endsWith('/harness/metrics/table.ts')) return loaded
    let source = String(loaded.source)
    for (const each of added) {
      const rowsOfSource = `...rows('${each.source}', [`
      if (source.includes(rowsOfSource)) isAdded.add(each.row[0])
      source = source.replace(rowsOfSource, `${rowsOfSource}${JSON.stringify(each.row)},`)
    }
    return { ...loaded, source }
  },
})

const { goldenRun } = await import('../support/records.ts')
const { compareRun } = await import('../../harness/compare/campaign.ts')
const { tableOf } = await import('../../harness/commands/run/outputs.ts')
const { reportFormats } = await import('../../reports/formats/table.ts')

/** A run in which every trial has observed the metrics: by the place of its variant 4100, 4101, ... */
function runWithMetrics(): Run {
  const run = goldenRun({ samples: 100 })
  const places = run.header.variants.map((variant) => variant.name)
  const records = run.records.map((record) => {
    const observations = added.flatMap(({ source, row: [metric, , , unit, better], stats }) =>
      Object.entries(stats).map(([stat, value]): Observation => {
        return { metric, stat, value: value + places.indexOf(record.variant), unit, better, source }
      }),
    )
    return { ...record, observations: [...record.observations, ...observations] }
  })
  return { ...run, records }
}

const run = runWithMetrics()
const rendered = async (format: keyof typeof reportFormats): Promise<string> =>
  await reportFormats[format].render([run])

for (const { source, row, shown } of added) {
  const [name, label, kind] = row
  test(`A row of the ${source}'s in the table of metrics is all that a ${kind} needs to be on the page, in the terminal, in Markdown and in CSV`, async () => {
    assert.ok(isAdded.has(name))
    const headlines = (await rendered('html')).split('headline figures')[1]!.split('</table>')[0]!
    const rowStart = `<th scope="row" class="row-name">${label} <span class="stat">`
    assert.match(headlines, new RegExp(`${rowStart}[^<]*</span>(?:(?!<tr).)*4,100`))
    assert.match(tableOf(run, { width: 80, color: false }), new RegExp(`^  ${label} +4100 `, 'm'))
    assert.match(await rendered('md'), new RegExp(`^\\| ${label} .*\\| 4,100 `, 'm'))
    const lines = (await rendered('csv')).split('\r\n').filter((line) => line.includes(`,${name},${shown},`))
    assert.equal(lines.length, run.records.length)
    assert.ok(lines.every((line) => /,410[0-3],count,/.test(line)))
    assert.ok(compareRun(run).comparisons.some(({ metric }) => metric === name))
  })
}
