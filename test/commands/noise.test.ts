import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { runCampaign } from '../../harness/campaign.ts'
import { readArguments } from '../../harness/commands/arguments.ts'
import { comparisonRequest } from '../../harness/commands/compare/ask.ts'
import { noiseOptions, readNoiseAsk } from '../../harness/commands/noise/ask.ts'
import { noiseOf } from '../../harness/compare/noise.ts'
import { checkConfig, type LoadedConfig } from '../../harness/config.ts'
import { fakeEngine, silent } from '../support/fake-engine.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-noise-ask-'))
after(() => rmSync(dir, { recursive: true }))
writeFileSync(join(dir, 'a.js'), '')

const variant = { url: 'http://127.0.0.1:9' }
const main = { question: '', baseline: 'base', variants: ['base'], scenarios: ['a'], blocks: 1 }
const config = (campaigns: object = { main }): LoadedConfig => ({
  ...checkConfig(
    { variants: { base: variant, other: variant }, scenarios: { a: { script: 'a.js' } }, campaigns },
    'weir.config.ts',
  ),
  dir,
  file: join(dir, 'weir.config.ts'),
})
const ask = (args: string[], of = config()) => readNoiseAsk(of, readArguments(args, noiseOptions))

test('A variant is compared with itself under another name; the baseline of "main" unless named', () => {
  const { config: withItself, ask: asked } = ask([])
  assert.deepEqual([asked.against, asked.variant, asked.mostPairs], ['base', 'base (again)', 20])
  assert.deepEqual(withItself.variants['base (again)'], withItself.variants.base)
  assert.equal(ask(['other']).ask.variant, 'other (again)')
})

test('All pairs that were asked for are run, although equals are soon decided, and each leaves its share of the noise', async () => {
  const { config: withItself, ask: asked } = ask(['--pairs', '12', '--seed', '1'])
  const { config: whole, request } = comparisonRequest(withItself, asked)
  const engines = { sessions: fakeEngine() }
  const { run } = await runCampaign(whole, request, engines, silent, new AbortController().signal)
  assert.equal(run.records.length, 24)
  const sample = noiseOf(run).find(({ metric }) => metric.startsWith('http_req_duration') && metric.endsWith('p(50)'))
  assert.deepEqual([sample?.pairs, sample?.sdLog, sample?.variant], [12, 0, 'base'])
})

const wrong: [args: string[], campaigns: object, message: RegExp][] = [
  [['nope'], { main }, /variant "nope" does not exist/],
  [['base', 'other'], { main }, /weir noise takes one variant, found also: other/],
  [[], {}, /which variant\?.*There is: base, other/],
  [['--pairs', '1'], { main }, /option --pairs: expected a whole number of at least 2/],
  [['--pairs', '81'], { main }, /option --pairs: expected at most 80, found 81/],
  [['--budget', '0s'], { main }, /option --budget/],
]
for (const [args, campaigns, message] of wrong) {
  test(`It is said what is wrong with: weir noise ${args.join(' ')}`, () => {
    assert.throws(() => ask(args, config(campaigns)), message)
  })
}
