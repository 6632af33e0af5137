import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Run, TrialRecord } from '../../harness/record/schema.ts'
import { latestRun, readRun } from '../../harness/record/store.ts'
import { campaignOf, strangersFolder, variantOf, writeConfig } from './strangers.ts'
import { type Finished, runWeir } from './weir.ts'

describe('Targets that die, never become ready or find their port taken', () => {
  const { dir: folder, remove } = strangersFolder()
  const holder = createServer()
  let port = 0
  let finished: Finished
  let runDir: string
  let run: Run

  before(async () => {
    port = await new Promise((resolve) => {
      holder.listen(0, '127.0.0.1', () => resolve((holder.address() as { port: number }).port))
    })
    const variants = {
      good: variantOf('server.mjs'),
      dead: variantOf('dies-at-once.mjs'),
      deaf: variantOf('never-ready.mjs', { ready: { http: '/', timeout: '1s' } }),
      taken: variantOf('server.mjs', { port }),
      weak: variantOf('dies-under-load.mjs'),
      absent: { command: ['no-such-program-anywhere', '{port}'], ready: { tcp: true as const } },
    }
    writeConfig(folder, campaignOf(variants))
    finished = await runWeir(folder, ['run', '--config', 'weir.config.mjs'])
    runDir = await latestRun(join(folder, '.weir/runs'))
    run = await readRun(runDir)
  })
  after(() => {
    holder.close()
    remove()
  })

  const recordOf = (variant: string): TrialRecord => run.records.find((record) => record.variant === variant)!

  it('fail their own trial only: the campaign goes on, ends well and has a record of each', () => {
    assert.equal(finished.code, 0)
    assert.equal(run.header.status, 'finished')
    assert.equal(run.records.length, 6)
    assert.equal(recordOf('good').failure, undefined)
    assert.ok(recordOf('good').observations.length > 50)
  })

  const failures: [variant: string, stage: string, message: RegExp, outputTail: RegExp | null][] = [
    [
      'dead',
      'target',
      /variant "dead".*exited with code 7.*before it was ready/,
      /^reading the licence\nno licence was found$/,
    ],
    ['deaf', 'target', /variant "deaf": not ready within 1000 ms.*503/, /^waiting for a database$/],
    ['taken', 'target', /variant "taken": port \d+ is already taken/, null],
    ['weak', 'target', /variant "weak" died during the trial \(exit code 3\)/, /the disk is full/],
    ['absent', 'target', /variant "absent".*no-such-program-anywhere/, null],
  ]
  for (const [variant, stage, message, outputTail] of failures) {
    it(`say what happened, with the last lines of output: ${variant}`, () => {
      const { failure, observations } = recordOf(variant)
      assert.equal(failure?.stage, stage)
      assert.match(failure.message, message)
      if (outputTail) assert.match(failure.outputTail.join('\n'), outputTail)
      if (variant !== 'weak') assert.deepEqual(observations, [])
      assert.ok(finished.stdout.includes(failure.message), 'it is told on the terminal too')
    })
  }

  it('name the taken port', () => {
    assert.ok(recordOf('taken').failure?.message.includes(String(port)))
  })

  it('stand in the report and in the table, which are written all the same', () => {
    const page = readFileSync(join(runDir, 'report.html'), 'utf8')
    assert.ok(page.includes('no licence was found'))
    assert.ok(page.includes('Trials that could not be used'))
    assert.ok(existsSync(join(runDir, 'table.txt')))
    assert.match(finished.stdout, /report: .*report\.html\n$/)
  })

  it('leave nothing running', () => {
    assert.deepEqual(finished.leftOver, [])
  })
})

describe('A campaign none of whose trials was usable', () => {
  it('exits with 1 and still writes its report', async (t) => {
    const { dir, remove } = strangersFolder()
    t.after(remove)
    writeConfig(dir, campaignOf({ dead: variantOf('dies-at-once.mjs') }))
    const { code, stdout, leftOver } = await runWeir(dir, ['run', '--config', 'weir.config.mjs'])
    assert.equal(code, 1)
    assert.match(stdout, /report: .*report\.html\n$/)
    assert.deepEqual(leftOver, [])
  })
})
