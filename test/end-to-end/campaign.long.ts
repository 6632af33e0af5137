import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { compareRun } from '../../harness/compare/campaign.ts'
import type { Run } from '../../harness/record/schema.ts'
import { latestRun, readRun } from '../../harness/record/store.ts'
import { campaignOf, strangersFolder, variantOf, writeConfig } from './strangers.ts'
import { type Finished, runWeir } from './weir.ts'

describe("A campaign of two variants of a stranger's server, in three blocks,", () => {
  const { dir, remove } = strangersFolder()
  let finished: Finished
  let runDir: string
  let run: Run

  before(async () => {
    const variants = {
      plain: variantOf('server.mjs', { description: 'answers soon' }),
      sleepy: variantOf('server.mjs', { description: 'sleeps before it answers', env: { SLEEP_MS: '25' } }),
    }
    // The probe reports once a second: a load must be longer than that to be seen from inside.
    const scenarios = { load: { script: 'load.js', env: { DURATION: '3s' } } }
    writeConfig(dir, { ...campaignOf(variants, 3), scenarios })
    finished = await runWeir(dir, ['run', '--config', 'weir.config.mjs', '--seed', '7'])
    runDir = await latestRun(join(dir, '.weir/runs'))
    run = await readRun(runDir)
  })
  after(remove)

  it('ends well, with a record of each trial and nothing left running', () => {
    assert.equal(finished.code, 0)
    assert.equal(finished.stderr, '')
    assert.deepEqual(finished.leftOver, [])
    assert.equal(run.header.status, 'finished')
    assert.deepEqual(
      run.records.map(({ trial }) => trial),
      [1, 2, 3, 4, 5, 6],
    )
  })

  it('holds each variant once in every block, side A being the baseline', () => {
    const places = run.records.map(({ variant, key }) => `${key.block} ${key.pair} ${key.side} ${variant}`).sort()
    assert.deepEqual(places, [
      '1 1 A plain',
      '1 1 B sleepy',
      '2 2 A plain',
      '2 2 B sleepy',
      '3 3 A plain',
      '3 3 B sleepy',
    ])
  })

  it('has seen the load, the generator and the target, from inside and from outside, in every trial', () => {
    for (const { trial, observations, series, histograms, failure, invalid } of run.records) {
      assert.equal(failure, undefined)
      assert.deepEqual(invalid, [])
      const sources = new Set(observations.map(({ source }) => source))
      assert.deepEqual([...sources].sort(), ['engine', 'generator', 'k6', 'outside', 'target'], `trial ${trial}`)
      for (const metric of ['target_boot', 'target_rss_peak', 'target_cpu_per_op', 'target_event_loop_delay'])
        assert.ok(
          observations.some((each) => each.metric === metric),
          `trial ${trial} has ${metric}`,
        )
      assert.ok(series.some(({ source }) => source === 'target' || source === 'outside'))
      assert.ok(histograms.some(({ metric, count }) => metric === 'http_req_duration' && count > 0))
    }
  })

  it('finds every answer good', () => {
    for (const { checks, observations } of run.records) {
      assert.deepEqual(
        checks.map(({ name, fails }) => ({ name, fails })),
        [{ name: 'status is 200', fails: 0 }],
      )
      const failed = observations.find(({ metric }) => metric === 'http_req_failed')
      assert.equal(failed?.value, 0)
    }
  })

  it('gives the primary metric, and no other, a verdict over three pairs', () => {
    const decided = compareRun(run).comparisons.filter(({ verdict }) => verdict !== null)
    assert.deepEqual(
      decided.map(({ variant, scenario, metric, stat, pairs }) => ({ variant, scenario, metric, stat, pairs })),
      [{ variant: 'sleepy', scenario: 'load', metric: 'http_req_duration', stat: 'p(50)', pairs: 3 }],
    )
    assert.ok(Number.isFinite(decided[0]?.lower) && Number.isFinite(decided[0]?.upper))
  })

  it('prints the table after every block, and writes table and report', () => {
    for (const text of ['block 1 of 3 is in', 'block 2 of 3 is in', 'sleepy', 'http_req_duration'])
      assert.ok(finished.stdout.includes(text), text)
    assert.match(finished.stdout, /report: .*report\.html\n$/)
    assert.ok(readFileSync(join(runDir, 'table.txt'), 'utf8').includes('sleepy'))
    const page = readFileSync(join(runDir, 'report.html'), 'utf8')
    for (const text of ['Whose server?', 'sleeps before it answers', 'id="verdicts"', '<canvas'])
      assert.ok(page.includes(text), text)
  })

  it('keeps what each process printed', () => {
    const log = readFileSync(join(runDir, `logs/001-target-${run.records[0]!.variant}.log`), 'utf8')
    assert.match(log, /the server of a stranger starts/)
  })
})
