import assert from 'node:assert/strict'
import { it } from 'node:test'
import { feasibleCells } from '../harness/campaign/needs.ts'
import { cellsOf } from '../harness/config/cells.ts'
import { isTaskOnly, loadConfig } from '../harness/config.ts'
import { engines } from '../harness/engine/table.ts'
import { cpuCount, decidePinning, parseCpuList } from '../harness/target/pinning.ts'
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
      ['six-cores', '6 cores are needed, 2 may be used', ['four-workers']],
      ['engine micro', 'this version of weir has no such engine', micro],
    ],
  )
  const rows = claims!.claims!.filter(({ id }) => micro.includes(id)).map(({ row }) => row)
  assert.deepEqual([...new Set(rows)], ['21', '25', '26', '27'])
})

it('With all engines of this version every claim about single operations is tested', () => {
  const machine = { isInstalled: () => true, cores: 6, engines: Object.keys(engines) }
  assert.deepEqual(feasibleCells(config, claims!, machine).missing, [])
})

it('A target of several CPUs runs where it gets them all, and its load two', () => {
  const several = Object.values(config.scenarios).filter(({ target }) => (target?.cores ?? 1) > 1)
  assert.ok(several.length > 0)
  for (const { target, needs, description } of several) {
    const asked = needs.map((name) => config.needs[name]!).flatMap((need) => ('cores' in need ? [need.cores] : []))
    const fewest = Array.from({ length: Math.max(1, ...asked) }, (_, cpu) => cpu)
    const pinned = decidePinning({ allowed: fewest, siblingsOf: (cpu) => [cpu], taskset: true }, target!.cores)
    assert.equal(cpuCount(pinned), target!.cores, description)
    assert.ok(parseCpuList(pinned.rest ?? '').length >= 2, description)
  }
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

/** What is undone in `legacy`, and what a JSON turn over the embedded database need not pay for. */
const notSeenByTurns = [
  ...['blocking-memory-init', 'eager-tools', 'listener-per-call', 'local-rate-limit', 'no-active-index'],
  ...['per-call-tool-host', 'pool-per-call', 'proxy-polling', 'silent-expiry', 'small-db-pool', 'stream-polling'],
  'unbounded-cache',
]

it('The sum under turns has all that makes a turn of legacy slow, and nothing else', () => {
  const turns = cellsOf(ablation!).find(({ scenario }) => scenario === 'turns')!
  const summed = ablation!.ablation!.of!
  assert.deepEqual(summed.filter((name) => !turns.variants.includes(name)).sort(), notSeenByTurns)
})

/** Whatever else a scenario measures, these variants change this number of it. */
const judgedBy: [variant: string, scenario: string, primary: string][] = [
  ['pool-per-call', 'blocking-tools', 'tool_turn_duration{scenario:own} p(50)'],
  ['per-call-tool-host', 'http-tools', 'tool_turn_duration{scenario:own} p(50)'],
  ['listener-per-call', 'waiting-tools', 'listeners max'],
  ['blocking-memory-init', 'first-turn', 'first_turn_duration p(50)'],
  ['silent-expiry', 'database-failure', 'expiry_attempts_per_minute max'],
]

for (const [variant, scenario, primary] of judgedBy)
  it(`The ablation judges ${variant} by ${primary}, and by no other scenario`, () => {
    const under = cellsOf(ablation!).filter(({ variants }) => variants.includes(variant))
    assert.deepEqual(
      under.map((cell) => cell.scenario),
      [scenario],
    )
    assert.equal(config.scenarios[scenario]!.primary, primary)
  })

it('A scenario whose median is that of turns with the gateway’s own tools asks for one kind of them', () => {
  const ofOwn = Object.values(config.scenarios).filter(({ primary }) =>
    primary?.startsWith('tool_turn_duration{scenario:own}'),
  )
  assert.deepEqual(
    ofOwn.map(({ env }) => env.OWN_TOOLS),
    ['blocking', 'http'],
  )
})

it('Campaigns that give verdicts have blocks enough for them', () => {
  for (const { blocks } of [claims!, ablation!]) assert.ok(blocks >= 5)
})
