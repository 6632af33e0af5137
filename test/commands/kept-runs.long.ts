import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { appendFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { againOf } from '../../harness/compare/noise.ts'
import { runWeir } from '../end-to-end/weir.ts'
import { goldenRun, goldenVariants } from '../support/records.ts'
import { storeRun } from '../support/stored-run.ts'

const dir = await mkdtemp(join(tmpdir(), 'weir-kept-'))
after(() => rm(dir, { recursive: true }))
const weir = (...args: string[]) => runWeir(dir, args)

const [optimized] = goldenVariants
const small = { samples: 400, blocks: 4 }
const run = goldenRun(small)

before(async () => {
  await storeRun(run, dir, { id: 'a-first' })
  await storeRun(goldenRun({ ...small, seed: 8 }), dir, { id: 'b-second', startedAt: '2026-11-22T03:15:02.000Z' })
  await storeRun(run, dir, { id: 'c-running', status: 'running' })
  const itself = goldenRun({ ...small, variants: [optimized!, { ...optimized!, name: againOf('optimized') }] })
  const { name, primary } = itself.header.scenarios[0]!
  const records = itself.records.filter(({ scenario }) => scenario === name)
  await storeRun({ ...itself, records }, dir, {
    id: 'd-noise',
    scenarios: itself.header.scenarios.slice(0, 1),
    comparison: {
      variant: againOf('optimized'),
      against: 'optimized',
      metrics: [{ scenario: name, metric: primary, margins: { change: 0.01, equivalence: 0.03 } }],
      alpha: 0.003,
      looks: [4],
      budgetMs: 1e6,
      mode: 'trials',
      ended: 'most-pairs',
    },
  })
})

describe('weir baseline', () => {
  it('saves what a run measured and holds another run against it, with a warning and exit code 0', async () => {
    const saved = await weir('baseline', 'save', 'release', '--from', 'a-first')
    assert.match(saved.stdout, /^\.weir\/baselines\/release\.json: \d+ numbers of run a-first, machine 5f3a9c21\n$/)
    const { code, stdout, stderr } = await weir('baseline', 'compare', 'release', '--from', 'b-second')
    assert.deepEqual([code, stderr], [0, ''])
    assert.match(stdout, /^b-second against baseline release\n/)
    assert.match(stdout, /WARNING: the two runs are of two times/)
    assert.match(stdout, /(alike|cannot tell|differs)\n/)
  })

  const wrong: [args: string[], message: RegExp][] = [
    [['safe'], /action "safe" does not exist\. Did you mean "save"\?/],
    [['save', 'a', 'b'], /takes one name, found also: b/],
    [['save', '--from', 'c-running'], /run "c-running" has not ended/],
    [['save', '--from', 'nothing'], /run "nothing" does not exist/],
    [['compare', 'relaese', '--from', 'b-second'], /relaese\.json does not exist\. There are: release\.json/],
  ]
  for (const [args, message] of wrong) {
    it(`ends with 104 and says what is wrong: ${args.join(' ')}`, async () => {
      const { code, stderr } = await weir('baseline', ...args)
      assert.equal(code, 104)
      assert.match(stderr, message)
    })
  }
})

describe('weir history', () => {
  it('adds runs, shows their numbers, writes a page of charts, and takes each run once', async () => {
    assert.equal((await weir('history', '--add', 'a-first')).code, 0)
    const { code, stdout } = await weir('history', '--add', 'b-second', '--scenario', 'turns')
    assert.equal(code, 0)
    assert.match(stdout, /^machine 5f3a9c21: 2 runs, 0 change points\n/)
    assert.match(stdout, /\nturns, optimized \(a campaign\)\n/)
    assert.ok(!stdout.includes('ten-thousand-sessions'))
    assert.match(stdout, /charts: \.weir\/history\.html\n$/)
    assert.match(await readFile(join(dir, '.weir', 'history.html'), 'utf8'), /2 runs on 1 machine: 0 change points/)
    const again = await weir('history', '--add', 'b-second')
    assert.equal(again.code, 104)
    assert.match(again.stderr, /run "b-second" is in .*history\.jsonl already \(line 2\)/)
  })

  it('refuses names that it does not have, and arguments', async () => {
    assert.match(
      (await weir('history', '--metric', 'target_bot')).stderr,
      /metric "target_bot".*Did you mean "target_boot"/,
    )
    assert.match((await weir('history', '--scenario', 'turn')).stderr, /scenario "turn".*Did you mean "turns"/)
    assert.match(
      (await weir('history', 'a-first')).stderr,
      /takes no arguments, found: a-first\. A run is added by --add/,
    )
  })

  it('names the line that was cut off', async () => {
    await appendFile(join(dir, '.weir', 'history.jsonl'), '{"schema":"weir.hist')
    const { code, stderr } = await weir('history')
    assert.equal(code, 104)
    assert.match(stderr, /history\.jsonl, line 3: the line is cut off/)
  })

  it('takes a run of which next to nothing can be used with a warning', async () => {
    const invalid = [{ code: 'generator-late' as const, message: 'late', scenario: 'paced' }]
    const records = run.records.map((record) => ({ ...record, invalid }))
    await storeRun({ ...run, records }, dir, { id: 'e-void', startedAt: '2026-11-23T03:15:02.000Z' })
    const { code, stderr } = await weir('history', '--add', 'e-void', '--file', 'void.jsonl')
    assert.equal(code, 0)
    assert.match(
      stderr,
      /^weir: warning: run "e-void" has no usable .* of scenario "turns": `weir report e-void` lists why/,
    )
  })

  it('does not write its charts over itself', async () => {
    const { code, stderr } = await weir('history', '--add', 'a-first', '--file', 'bench.html')
    assert.equal(code, 104)
    assert.match(stderr, /charts would be written over the history "bench\.html"\. Expected .* such as bench\.jsonl/)
    assert.equal(existsSync(join(dir, 'bench.html')), false)
  })
})

describe('weir noise', () => {
  it('keeps what a run of a variant against itself says, and counts it once', async () => {
    for (let time = 1; time <= 2; time++) {
      const { code, stdout } = await weir('noise', '--from', 'd-noise')
      assert.equal(code, 0)
      assert.match(stdout, /noise of optimized against itself, machine 5f3a9c21, trials\n/)
      assert.match(stdout, /\nturns: 4 pairs of \d+ s in 1 run\n/)
      assert.match(stdout, /noise: \.weir\/noise\/5f3a9c21\.json\n$/)
    }
  })

  it('keeps it where the run lies, for that is where a gate of its config looks', async () => {
    const elsewhere = join(dir, 'elsewhere')
    await mkdir(elsewhere)
    await rm(join(dir, '.weir', 'noise'), { recursive: true })
    const { code } = await runWeir(elsewhere, ['noise', '--from', '../.weir/runs/d-noise'])
    assert.equal(code, 0)
    assert.ok(existsSync(join(dir, '.weir', 'noise', '5f3a9c21.json')))
    assert.equal(existsSync(join(elsewhere, '.weir')), false)
  })

  it('refuses a run of two variants', async () => {
    const { code, stderr } = await weir('noise', '--from', 'a-first')
    assert.equal(code, 104)
    assert.match(stderr, /run "a-first" is no comparison/)
  })
})
