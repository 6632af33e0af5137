import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { allowed } from './corpus/allowed.ts'
import { type Difference, describeDifferences, differences } from './corpus/compare.ts'
import { readExpectation } from './corpus/expectations.ts'
import { findK6, hasGo, versionOfK6 } from './corpus/find-k6.ts'
import type { Observation } from './corpus/observation.ts'
import { k6Runner, observe, weirRunner } from './corpus/run.ts'
import { type CorpusScript, corpusScripts } from './corpus/scripts.ts'

const scripts = corpusScripts()
const k6 = findK6()
const reference = k6 === null ? 'what k6 was seen to do (no k6 is here)' : `k6 ${versionOfK6(k6)} here and now`
const used = new Set<(typeof allowed)[number]>()

/** Fresh from real k6 where there is one, so that the stored expectations cannot age unseen. */
async function expected(script: CorpusScript): Promise<Observation> {
  const stored = await readExpectation(script.name)
  assert.ok(stored, `no expectation is stored for ${script.name}: npm run k6:expect -- ${script.name}`)
  return k6 === null ? stored.seen : await observe(script, k6Runner(k6))
}

const isAllowed = (script: CorpusScript, { what }: Difference): boolean => {
  const rows = allowed.filter((row) => row.script === script.name && row.what.test(what))
  for (const row of rows) used.add(row)
  return rows.length > 0
}

describe(`A script on weir does what it does on k6, compared with ${reference}`, {
  concurrency: 4,
  timeout: 900_000,
}, () => {
  for (const script of scripts.filter(({ isForWeirOnly }) => !isForWeirOnly))
    it(script.name, async () => {
      const found = differences(await expected(script), await observe(script, weirRunner))
      const surprising = found.filter((difference) => !isAllowed(script, difference))
      assert.ok(surprising.length === 0, describeDifferences(surprising))
    })

  after(() => {
    const idle = allowed.filter((row) => !used.has(row)).map(({ script, what }) => `${script}: ${what}`)
    assert.deepEqual(idle, [], 'allowed, but no longer different')
  })
})

describe('A script that stock k6 cannot run', { concurrency: 2, timeout: 60_000 }, () => {
  for (const script of scripts.filter(({ isForWeirOnly }) => isForWeirOnly))
    it(`passes its own checks on weir: ${script.name}`, async () => {
      const { exitCode, checks } = await observe(script, weirRunner)
      assert.deepEqual({ exitCode, hasChecks: Object.keys(checks).length > 0 }, { exitCode: 0, hasChecks: true })
    })
})

describe('The corpus', () => {
  it('has the scripts that were asked for, each with its expectation', async () => {
    assert.ok(scripts.length >= 60, `${scripts.length} scripts`)
  })

  it('is compared with a live k6 where Go is', (t) => {
    if (k6 !== null || !hasGo()) return t.diagnostic(`compared with ${reference}`)
    const isRequired = process.env.WEIR_REQUIRE_ALL === '1' && process.env.WEIR_K6_UNREACHABLE !== '1'
    assert.ok(!isRequired, 'Go is here, and no k6 was built: node test/corpus/build-k6.ts')
    t.skip('SKIPPED: no k6 is here; node test/corpus/build-k6.ts builds one')
  })
})
