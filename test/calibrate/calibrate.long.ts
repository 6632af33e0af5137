import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Calibration } from '../../harness/calibrate/calibration.ts'
import { type Finished, runWeir, startWeir } from '../end-to-end/weir.ts'

let dir: string
before(() => {
  dir = mkdtempSync(join(tmpdir(), 'weir-calibrate-test-'))
})
after(() => rmSync(dir, { recursive: true }))

describe('weir calibrate --quick', () => {
  let run: Finished
  let calibration: Calibration
  before(async () => {
    run = await runWeir(dir, ['calibrate', '--quick', '--json', 'calibration.json'])
    calibration = JSON.parse(readFileSync(join(dir, 'calibration.json'), 'utf8')) as Calibration
  })

  it('notices what is wrong on purpose', () => {
    const unnoticed = calibration.controls.filter(({ isDetected }) => !isDetected)
    assert.deepEqual(unnoticed, [])
    assert.equal(calibration.controls.length, 4)
  })

  it('prints a table for each row, with every figure in it', () => {
    for (const { name, figures, requests } of calibration.rows) {
      assert.ok(run.stdout.includes(`${name} (${requests} requests)`))
      assert.ok(requests > 300, `${name}: ${requests} requests`)
      assert.ok(figures.every(({ measured, released }) => Number.isFinite(measured) && Number.isFinite(released)))
    }
    assert.deepEqual(
      calibration.rows.map(({ figures }) => [...new Set(figures.map(({ what }) => what))]),
      [
        ['service'],
        ['service', 'intended', 'arrival rate', 'start error'],
        ['intended'],
        ['intended'],
        ['intended'],
        ['TTFT', 'ITL'],
      ],
    )
  })

  it('finds nothing out of band; a machine that was busy with other things may have disturbed a row', () => {
    const out = calibration.rows.filter(({ verdict }) => verdict === 'out')
    assert.deepEqual(out, [], run.output)
  })

  it('ends with 0 where all is in band and with 1 where it is not, says which, and leaves nothing running', () => {
    const isGood = calibration.rows.every(({ verdict }) => verdict === 'in')
    assert.equal(run.code, isGood ? 0 : 1, run.output)
    assert.match(run.stdout.trimEnd().split('\n').at(-1)!, isGood ? /^calibrated: / : /^NOT calibrated: /)
    assert.deepEqual(run.leftOver, [])
  })
})

describe('weir calibrate', () => {
  it('that is interrupted ends with 105, leaves nothing running and an earlier report as it was', async () => {
    writeFileSync(join(dir, 'earlier.json'), 'earlier')
    const started = startWeir(dir, ['calibrate', '--quick', '--json', 'earlier.json'])
    await started.says('oracle runs on')
    await new Promise((resolve) => setTimeout(resolve, 1500))
    started.process.kill('SIGINT')
    const { code, stderr, leftOver } = await started.finished
    assert.equal(code, 105, stderr)
    assert.match(stderr, /the calibration was interrupted/)
    assert.equal(readFileSync(join(dir, 'earlier.json'), 'utf8'), 'earlier', 'its report stays as it was')
    assert.deepEqual(
      readdirSync(dir).filter((name) => name.endsWith('.tmp')),
      [],
    )
    assert.deepEqual(leftOver, [])
  })

  it('says what is wrong with its options before it starts anything', async () => {
    const unwritable = await runWeir(dir, ['calibrate', '--json', 'no/such/folder/file.json'])
    assert.equal(unwritable.code, 104)
    assert.match(unwritable.stderr, /option --json: "no\/such\/folder\/file.json" could not be written/)
    const extra = await runWeir(dir, ['calibrate', 'script.js'])
    assert.equal(extra.code, 104)
    assert.match(extra.stderr, /takes no arguments, found: script.js/)
  })
})
