import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { feasibleCells, type Machine, thisMachine, whyMissing } from '../../harness/campaign/needs.ts'
import { checkConfig } from '../../harness/config.ts'

const machine = (cores: number, ...programs: string[]): Machine => ({
  engines: ['sessions'],
  cores,
  isInstalled: (program) => programs.includes(program),
})

const reasons: [why: string, need: Parameters<typeof whyMissing>[0], reason: string | null][] = [
  ['a program that is there', { executable: ['redis-server'], in: [], advice: '' }, null],
  ['one that is not', { executable: ['postgres'], in: [], advice: '' }, 'postgres is not installed'],
  [
    'several, with advice',
    { executable: ['postgres', 'redis-server', 'initdb'], in: [], advice: 'apt-get install postgresql' },
    'postgres and initdb are not installed: apt-get install postgresql',
  ],
  ['cores enough', { cores: 2, advice: '' }, null],
  ['too few cores', { cores: 4, advice: '' }, '4 cores are needed, 2 may be used'],
]

for (const [why, need, reason] of reasons) {
  test(`A need for ${why}: ${reason ?? 'met'}`, () => {
    assert.equal(whyMissing(need, machine(2, 'redis-server')), reason)
  })
}

test('A program is found in a folder that a pattern names', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'weir-needs-'))
  t.after(() => rmSync(dir, { recursive: true }))
  mkdirSync(join(dir, '15/bin'), { recursive: true })
  writeFileSync(join(dir, '15/bin/a-database'), '')
  chmodSync(join(dir, '15/bin/a-database'), 0o755)
  assert.equal(thisMachine([]).isInstalled('a-database', []), false)
  assert.equal(thisMachine([]).isInstalled('a-database', [join(dir, '*/bin')]), true)
})

const launched = { command: ['server'], ready: { tcp: true as const } }
const claim = (id: string, scenario: string, variant: string, needs: string[] = []) => ({
  id,
  statement: '',
  scenario,
  variant,
  metric: 'm value',
  claimed: { ratio: { above: 1 } },
  needs,
})

const config = checkConfig(
  {
    variants: { base: launched, polling: launched, workers: { ...launched, needs: ['four-cores'] }, lazy: launched },
    services: { redis: { command: ['redis'], ready: { tcp: true }, optional: true, needs: ['redis'] } },
    scenarios: {
      turns: { script: 'a.js' },
      limits: { script: 'a.js', services: ['redis'] },
      reads: { script: 'a.js', engine: 'micro' },
    },
    needs: {
      redis: { executable: ['redis-server'], advice: 'apt-get install redis-server' },
      'four-cores': { cores: 4 },
      'eight-cores': { cores: 8 },
    },
    campaigns: {
      claims: {
        question: '',
        baseline: 'base',
        blocks: 1,
        claims: [
          claim('a', 'turns', 'polling'),
          claim('b', 'turns', 'workers'),
          claim('c', 'limits', 'polling'),
          claim('d', 'turns', 'lazy', ['four-cores']),
          claim('e', 'reads', 'lazy'),
        ],
      },
      main: {
        question: '',
        baseline: 'base',
        variants: ['base', 'workers'],
        scenarios: ['turns', 'limits'],
        blocks: 1,
      },
    },
  },
  'c',
)

test('Trials of claims that need what is missing are left out, and what that costs is told of each need', () => {
  const { cells, missing } = feasibleCells(config, config.campaigns.claims!, machine(2))
  assert.deepEqual(cells, [{ scenario: 'turns', variants: ['base', 'polling'] }])
  assert.deepEqual(missing, [
    {
      need: 'redis',
      reason: 'redis-server is not installed: apt-get install redis-server',
      trialsABlock: 2,
      claims: ['c'],
    },
    { need: 'four-cores', reason: '4 cores are needed, 2 may be used', trialsABlock: 2, claims: ['b', 'd'] },
    { need: 'engine micro', reason: 'this version of weir has no such engine', trialsABlock: 2, claims: ['e'] },
  ])
})

test('Where nothing is missing nothing is left out or told of, not even a need that nobody has', () => {
  const { cells, missing } = feasibleCells(config, config.campaigns.claims!, {
    ...machine(4, 'redis-server'),
    engines: ['sessions', 'micro'],
  })
  assert.deepEqual(cells, [
    { scenario: 'turns', variants: ['base', 'polling', 'workers', 'lazy'] },
    { scenario: 'limits', variants: ['base', 'polling'] },
    { scenario: 'reads', variants: ['base', 'lazy'] },
  ])
  assert.deepEqual(missing, [])
})

test('Of a campaign of variants and scenarios the trials are left out that need what is missing', () => {
  const { cells, missing } = feasibleCells(config, config.campaigns.main!, machine(2))
  assert.deepEqual(cells, [{ scenario: 'turns', variants: ['base'] }])
  assert.deepEqual(
    missing.map(({ need, trialsABlock }) => [need, trialsABlock]),
    [
      ['redis', 2],
      ['four-cores', 2],
    ],
  )
})

const saturated = (lacking: string) => {
  const needs = (scenario: string) => (scenario === lacking ? ['redis'] : [])
  return checkConfig(
    {
      variants: { base: launched, lazy: launched },
      scenarios: {
        turn: { script: 'a.js', engine: 'autocannon', needs: needs('turn') },
        paced: { script: 'a.js', needs: needs('paced') },
        closed: { script: 'a.js', needs: needs('closed') },
      },
      needs: { redis: { executable: ['redis-server'] } },
      campaigns: {
        most: {
          ...{ question: '', baseline: 'base', variants: ['base', 'lazy'], blocks: 3 },
          saturation: {
            sweep: { scenario: 'turn', connections: [1, 10] },
            rate: { scenario: 'paced', variable: 'RATE', from: 1, to: 9 },
            crossCheck: { scenario: 'closed', variable: 'USERS', connections: 10 },
          },
        },
      },
    },
    'c',
  )
}

const leftOfSaturations: [lacking: string, left: string[], trialsABlock: number, parts: string[]][] = [
  ['closed', ['turn@1', 'turn@10', 'paced'], 0, ['check']],
  ['paced', ['turn@1', 'turn@10', 'turn@check-10', 'closed@check-USERS-10'], 0, ['rate']],
  ['turn', ['paced'], 4, ['connections', 'check']],
]

for (const [lacking, left, trialsABlock, parts] of leftOfSaturations) {
  test(`Of a saturation whose ${lacking} lacks a need, what is left is ${left.join(', ')}`, () => {
    const own = saturated(lacking)
    const { cells, missing } = feasibleCells(own, own.campaigns.most!, {
      ...machine(2),
      engines: ['sessions', 'autocannon'],
    })
    assert.deepEqual(
      cells.map(({ scenario }) => scenario),
      left,
    )
    assert.deepEqual(missing, [
      { need: 'redis', reason: 'redis-server is not installed', trialsABlock, parts, claims: [] },
    ])
  })
}
