import assert from 'node:assert/strict'
import { it } from 'node:test'
import { cellsOf } from '../harness/config/cells.ts'
import { loadConfig } from '../harness/config.ts'
import { variantNames } from '../reference-server/variants.ts'

const config = await loadConfig('weir.config.ts', `${import.meta.dirname}/..`)
const { claims, ablation } = config.campaigns

/** Rows of the list of claims that campaigns cannot show: 14, 15 and 24 are corrections, 26 and 27 need a micro benchmark. */
const notClaimed = [14, 15, 24, 26, 27]

it('The config has every variant of the gateway, each under its name and with what it undoes', () => {
  assert.deepEqual(Object.keys(config.variants).sort(), [...variantNames].sort())
  for (const [name, variant] of Object.entries(config.variants)) {
    assert.ok('command' in variant && variant.command.includes(name), name)
    assert.ok(variant.description.length > 10, name)
  }
})

it('Every row of the list of claims is claimed about, but for those that no load can show', () => {
  const rows = new Set(claims!.claims!.map(({ row }) => Number(row)))
  const expected = Array.from({ length: 29 }, (_, at) => at + 1).filter((row) => !notClaimed.includes(row))
  assert.deepEqual(
    [...rows].sort((a, b) => a - b),
    expected,
  )
})

it('Every claim names who claims it', () => {
  for (const { id, statement } of claims!.claims!) assert.match(statement, /\((.*, )?(beyond )?S[1-4]\)/, id)
})

it('The ablation undoes everything that can be undone, some under turns and each where it costs something', () => {
  const ran = cellsOf(ablation!).flatMap(({ variants }) => variants)
  // Several workers are no optimisation of one.
  const expected = variantNames.filter((name) => name !== 'four-workers')
  assert.deepEqual([...new Set(ran)].sort(), [...expected].sort())
  assert.equal(ablation!.ablation?.together, 'legacy')
})

it('Campaigns that give verdicts have blocks enough for them', () => {
  for (const { blocks } of [claims!, ablation!]) assert.ok(blocks >= 5)
})
