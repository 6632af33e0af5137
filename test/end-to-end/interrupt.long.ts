import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { latestRun, readRun } from '../../harness/record/store.ts'
import { campaignOf, strangersFolder, variantOf, writeConfig } from './strangers.ts'
import { startWeir } from './weir.ts'

/** Waits for what the first target of a campaign prints. */
async function targetSays(dir: string, text: string): Promise<void> {
  const logs = join(await latestRun(join(dir, '.weir/runs')), 'logs')
  for (let tries = 0; tries < 200; tries++) {
    const log = readdirSync(logs).find((name) => name.includes('target'))
    if (log && readFileSync(join(logs, log), 'utf8').includes(text)) return
    await sleep(50)
  }
  throw new Error(`the target never said "${text}"`)
}

const twoVariants = (duration: string, blocks: number) => ({
  ...campaignOf({ one: variantOf('server.mjs'), two: variantOf('server.mjs') }, blocks),
  scenarios: { load: { script: 'load.js', env: { DURATION: duration } } },
})

describe('Ctrl-C', () => {
  it('in the middle of a campaign keeps the finished trials, leaves nothing running and exits with 105', async (t) => {
    const { dir, remove } = strangersFolder()
    t.after(remove)
    writeConfig(dir, twoVariants('1s', 50))
    const { process, finished, says } = startWeir(dir, ['run', '--config', 'weir.config.mjs'])
    await says('block 1 of 50')
    process.kill('SIGINT')
    const { code, stdout, leftOver } = await finished
    assert.equal(code, 105)
    assert.deepEqual(leftOver, [])
    const runDir = await latestRun(join(dir, '.weir/runs'))
    const { header, records } = await readRun(runDir)
    assert.equal(header.status, 'interrupted')
    assert.ok(header.finishedAt)
    assert.ok(records.length >= 2 && records.length < 100, `${records.length} records`)
    assert.ok(records.every(({ failure }) => failure === undefined))
    assert.match(stdout, new RegExp(`interrupted: ${records.length} finished trials are kept`))
    assert.ok(existsSync(join(runDir, 'report.html')))
    assert.match(stdout, /report: .*report\.html\n$/)
  })

  it('before the first trial has ended leaves a report without numbers', async (t) => {
    const { dir, remove } = strangersFolder()
    t.after(remove)
    writeConfig(dir, twoVariants('60s', 1))
    const { process, finished, says } = startWeir(dir, ['run', '--config', 'weir.config.mjs'])
    await says('1 block')
    process.kill('SIGINT')
    const { code, leftOver } = await finished
    assert.equal(code, 105)
    assert.deepEqual(leftOver, [])
    const runDir = await latestRun(join(dir, '.weir/runs'))
    assert.equal((await readRun(runDir)).records.length, 0)
    assert.ok(existsSync(join(runDir, 'report.html')))
  })

  it('twice ends at once, and leaves nothing running either', async (t) => {
    const { dir, remove } = strangersFolder()
    t.after(remove)
    // The first Ctrl-C waits for the target, which does not listen to polite signals.
    const stubborn = variantOf('stubborn.mjs', { stopTimeout: '60s' })
    writeConfig(dir, { ...twoVariants('60s', 1), variants: { one: stubborn, two: stubborn } })
    const { process, finished, says } = startWeir(dir, ['run', '--config', 'weir.config.mjs'])
    await says('1 block')
    await targetSays(dir, 'does as it likes')
    process.kill('SIGINT')
    await says('once more to stop at once')
    process.kill('SIGINT')
    const { code, leftOver } = await finished
    assert.equal(code, 105)
    assert.deepEqual(leftOver, [])
  })
})

describe('A weir that is killed without warning', () => {
  it('leaves nothing running', async (t) => {
    const { dir, remove } = strangersFolder()
    t.after(remove)
    writeConfig(dir, twoVariants('1s', 50))
    const { process, finished, says } = startWeir(dir, ['run', '--config', 'weir.config.mjs'])
    await says('block 1 of 50')
    process.kill('SIGKILL')
    assert.deepEqual((await finished).leftOver, [])
  })
})
