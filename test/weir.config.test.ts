import assert from 'node:assert/strict'
import { it } from 'node:test'
import { feasibleCells } from '../harness/campaign/needs.ts'
import { cellsOf } from '../harness/config/cells.ts'
import { isTaskOnly, loadConfig } from '../harness/config.ts'
import { engines } from '../harness/engine/table.ts'
import { variantNames } from '../reference-server/variants.ts'

const config = await loadConfig('weir.config.ts', `${import.meta.dirname}/..`)
const { claims, ablation } = config.campaigns

/** Rows of the list of claims that campaigns cannot show: corrections, which tests show. */
const notClaimed = [14, 15, 24]

it('The config has every variant of the gateway, each under its name and with what it undoes', () => {
  const servers = Object.entries(config.variants).filter(([, variant]) => !isTaskOnly(variant))
  assert.deepEqual(servers.map(([name]) => name).sort(), [...variantNames].sort())
  for (const [name, variant] of servers) {
    assert.ok('command' in variant && variant.command.includes(name), name)
    assert.ok(variant.description.length > 10, name)
  }
})

it('Every row of the list of claims is claimed about, but for corrections', () => {
  const rows = new Set(claims!.claims!.map(({ row }) => Number(row)))
  const expected = Array.from({ length: 29 }, (_, at) => at + 1).filter((row) => !notClaimed.includes(row))
  assert.deepEqual(
    [...rows].sort((a, b) => a - b),
    expected,
  )
})

it('Claims that sessions alone or two cores cannot test stand in the campaign, each with why', () => {
  const machine = { isInstalled: () => true, cores: 2, engines: ['sessions'] }
  const { missing } = feasibleCells(config, claims!, machine)
  const micro = claims!.claims!.filter(({ scenario }) => scenario.startsWith('micro-')).map(({ id }) => id)
  assert.deepEqual(
    missing.map(({ need, reason, claims }) => [need, reason.replace(/:.*/, ''), claims]),
    [
      ['four-cores', '4 cores are needed, 2 may be used', ['four-workers']],
      ['engine micro', 'this version of weir has no such engine', micro],
    ],
  )
  const rows = claims!.claims!.filter(({ id }) => micro.includes(id)).map(({ row }) => row)
  assert.deepEqual([...new Set(rows)], ['21', '25', '26', '27'])
})

it('With all engines of this version every claim about single operations is tested', () => {
  const machine = { isInstalled: () => true, cores: 4, engines: Object.keys(engines) }
  assert.deepEqual(feasibleCells(config, claims!, machine).missing, [])
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
