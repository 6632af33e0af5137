import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it, test } from 'node:test'
import { latestRun, readRun } from '../../harness/record/store.ts'
import { strangersFolder, variantOf, writeConfig } from './strangers.ts'
import { type Finished, runWeir, startWeir } from './weir.ts'

const variants = {
  plain: variantOf('server.mjs'),
  sleepy: variantOf('server.mjs', { env: { SLEEP_MS: '25' } }),
}
const scenarios = {
  load: { script: 'load.js', env: { DURATION: '5s' }, pairs: { env: { DURATION: '500ms' } } },
}
const config = ['--config', 'weir.config.mjs']
const metric = ['--metric', 'http_req_duration p(50)']

describe("Two variants of a stranger's server, one of which sleeps,", () => {
  const { dir, remove } = strangersFolder()
  let finished: Finished

  before(async () => {
    writeConfig(dir, { variants, scenarios, campaigns: {} })
    const args = [
      'compare',
      'plain',
      'sleepy',
      ...config,
      ...metric,
      '--pairs',
      '10',
      '--seed',
      '7',
      '--json',
      'a.json',
    ]
    finished = await runWeir(dir, args)
  })
  after(remove)

  it('are told apart at the first look, and nothing is left running', () => {
    assert.equal(finished.code, 1, finished.output)
    assert.deepEqual(finished.leftOver, [])
    assert.match(finished.stdout, /everything is decided/)
    assert.match(finished.stdout, /look at 10 pairs {2}load: http_req_duration p\(50\) .*: regressed/)
  })

  it('ran in pairs, with the loads that are meant for pairs', async () => {
    const { header, records } = await readRun(await latestRun(join(dir, '.weir/runs')))
    assert.deepEqual([header.comparison!.ended, records.length], ['decided', 20])
    for (const { phases } of records) assert.equal(phases[0]!.endS, 0.5)
  })

  it('are judged the same from their records alone, byte for byte', async () => {
    const again = await runWeir(dir, [
      'compare',
      '--from',
      await latestRun(join(dir, '.weir/runs')),
      '--json',
      'b.json',
    ])
    assert.equal(again.code, 1)
    assert.deepEqual(readFileSync(join(dir, 'b.json')), readFileSync(join(dir, 'a.json')))
  })
})

test('Ctrl-C keeps the pairs that are finished, leaves nothing running, and --resume goes on', async () => {
  const { dir, remove } = strangersFolder()
  try {
    writeConfig(dir, { variants, scenarios, campaigns: {} })
    const started = startWeir(dir, ['compare', 'plain', 'sleepy', ...config, ...metric, '--budget', '1h'])
    await started.says('pair 1  load')
    started.process.kill('SIGINT')
    const { code, leftOver, stdout } = await started.finished
    assert.deepEqual([code, leftOver], [105, []])
    assert.match(stdout, /interrupted: go on with: weir compare plain sleepy --config weir\.config\.mjs --resume\n$/)
    const runDir = await latestRun(join(dir, '.weir/runs'))
    const { header, records } = await readRun(runDir)
    assert.deepEqual([header.status, header.comparison!.ended], ['interrupted', 'interrupted'])
    const resumed = startWeir(dir, ['compare', 'plain', 'sleepy', ...config, '--resume'])
    await resumed.says('pair 2  load')
    resumed.process.kill('SIGINT')
    await resumed.finished
    const after = await readRun(runDir)
    assert.ok(after.records.length > records.length)
    assert.deepEqual(after.records.slice(0, 2), records.slice(0, 2), 'a whole pair is kept as it is')
  } finally {
    remove()
  }
})

test('A target that never comes up ends as an invalid measurement, long before the budget is spent', async () => {
  const { dir, remove } = strangersFolder()
  try {
    writeConfig(dir, { variants: { ...variants, gone: variantOf('dies-at-once.mjs') }, scenarios, campaigns: {} })
    const { code, stderr, output } = await runWeir(dir, ['compare', 'plain', 'gone', ...config, ...metric])
    assert.equal(code, 4, output)
    assert.match(stderr, /invalid measurement: load: http_req_duration p\(50\): none of 5 pairs can be used/)
    assert.match(stderr, /gone, pairs 1, 2, 3, 4 and 5: failed \(target\)/)
  } finally {
    remove()
  }
})
