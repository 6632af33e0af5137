import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { ClaimsFile } from '../../harness/compare/claims-file.ts'
import { latestRun, readRun } from '../../harness/record/store.ts'
import { strangersFolder, variantOf, writeConfig } from './strangers.ts'
import { runWeir, startWeir } from './weir.ts'

const claim = (id: string, change: object) => ({
  id,
  statement: `what is said of ${id}`,
  scenario: 'load',
  variant: 'slow',
  metric: 'http_req_duration p(50)',
  claimed: { ratio: { above: 1 } },
  ...change,
})

const config = {
  variants: { fast: variantOf('server.mjs'), slow: variantOf('server.mjs', { env: { SLEEP_MS: '15' } }) },
  services: { store: { command: ['no-such-program'], ready: { tcp: true }, optional: true, needs: ['store'] } },
  scenarios: { load: { script: 'load.js' }, stored: { script: 'load.js', services: ['store'] } },
  needs: { store: { executable: ['no-such-program'], advice: 'look for it elsewhere' } },
  campaigns: {
    claims: {
      question: 'Is it true?',
      baseline: 'fast',
      blocks: 3,
      claims: [
        claim('slower', {}),
        claim('answers', { metric: 'checks rate', claimed: { value: { equals: 1 } } }),
        claim('stored', { scenario: 'stored' }),
      ],
    },
  },
}

describe('A campaign of claims', () => {
  it('that is killed goes on with --resume, and ends with a table, claims.json and a report', async (t) => {
    const { dir, remove } = strangersFolder()
    t.after(remove)
    writeConfig(dir, config)
    const run = ['run', 'claims', '--config', 'weir.config.mjs']
    const first = startWeir(dir, run)
    await first.says('block 1 of 3')
    first.process.kill('SIGKILL')
    const { stdout: start, leftOver } = await first.finished
    assert.deepEqual(leftOver, [])
    assert.match(
      start,
      /^MISSING: store \(no-such-program is not installed: look for it elsewhere\): 6 trials left out; not tested: stored$/m,
    )
    assert.match(start, /6 trials, about \d+ s/)
    const runDir = await latestRun(join(dir, '.weir/runs'))
    const before = await readRun(runDir)
    assert.equal(before.header.status, 'running')
    assert.ok(before.records.length >= 2 && before.records.length < 6)

    const { code, stdout, output } = await runWeir(dir, [...run, '--resume'])
    assert.equal(code, 0, output)
    assert.match(stdout, /6 trials, [2-5] of them done/)
    assert.match(stdout, /claims: 3 claims: /)
    assert.match(stdout, /^claims: .*claims\.json\nreport: .*report\.html\n$/m)
    const { header, records } = await readRun(runDir)
    assert.equal(header.status, 'finished')
    assert.deepEqual(records.slice(0, before.records.length), before.records)
    assert.equal(records.length, 6)

    const file = JSON.parse(readFileSync(join(runDir, 'claims.json'), 'utf8')) as ClaimsFile
    assert.deepEqual([file.schema, file.status], ['weir.claims/1', 'finished'])
    const [slower, answers, stored] = file.claims
    assert.ok(slower!.pairs + slower!.excludedPairs === 3)
    assert.deepEqual(answers!.measured, { estimate: 1, lower: 1, upper: 1, kind: 'constant', unit: 'share' })
    assert.equal(answers!.verdict, 'confirmed')
    assert.deepEqual(
      [stored!.verdict, stored!.reason],
      ['not run', 'store is missing: no-such-program is not installed: look for it elsewhere'],
    )
    assert.ok(existsSync(join(runDir, 'report.html')))
  })
})
