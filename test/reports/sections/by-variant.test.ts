import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareRun } from '../../../harness/compare/campaign.ts'
import type { Run } from '../../../harness/record/schema.ts'
import { checks } from '../../../reports/sections/checks.ts'
import { viewOf } from '../../../reports/view.ts'
import { goldenRun } from '../../support/records.ts'

/** By table its label and its columns. */
const tablesOf = (run: Run): [label: string, columns: string[]][] =>
  checks
    .render(viewOf(run, compareRun(run)))!
    .markup.split('<div class="scroll"')
    .slice(1)
    .map((table) => [
      /aria-label="([^"]*)"/.exec(table)![1]!,
      [...table.matchAll(/<th scope="col" class="column">.*?<\/svg>(.*?)<\/span>/g)].map(([, name]) => name!),
    ])

const all = ['optimized', 'polling', 'per-call-client', 'mutex']

test('Scenarios with the same variants share a table.', () => {
  assert.deepEqual(tablesOf(goldenRun({ samples: 10, blocks: 1 })), [
    ['Passed under turns and ten-thousand-sessions', all],
  ])
})

test('A scenario has the columns of the variants that were planned under it.', () => {
  const run = goldenRun({ samples: 10, blocks: 1 })
  const planned = ['optimized', 'mutex']
  run.header.cells = [
    { scenario: 'turns', variants: planned },
    { scenario: 'ten-thousand-sessions', variants: all },
  ]
  run.records = run.records.filter(({ scenario, variant }) => scenario !== 'turns' || planned.includes(variant))
  assert.deepEqual(tablesOf(run), [
    ['Passed under turns', planned],
    ['Passed under ten-thousand-sessions', all],
  ])
})
