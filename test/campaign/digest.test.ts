import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { loadDigestOf } from '../../harness/campaign/digest.ts'
import { prepareScenarios } from '../../harness/campaign/prepare.ts'
import { runCampaign } from '../../harness/campaign.ts'
import { readArguments } from '../../harness/commands/arguments.ts'
import { readRequest, runOptions } from '../../harness/commands/run/request.ts'
import { checkConfig, type LoadedConfig } from '../../harness/config.ts'
import { fakeEngine, silent } from '../support/fake-engine.ts'

const root = mkdtempSync(join(tmpdir(), 'weir-digest-'))
after(() => rmSync(root, { recursive: true }))

const engines = { sessions: fakeEngine() }
const never = () => new AbortController().signal

/** A project in a folder of its own, with one scenario. */
function project(scenario: object = {}, script = 'code'): LoadedConfig {
  const dir = mkdtempSync(join(root, 'p-'))
  writeFileSync(join(dir, 'a.js'), script)
  const usual = { script: 'a.js', env: { RATE: '100' }, options: { duration: '1s' } }
  const checked = checkConfig(
    {
      variants: { one: { url: 'http://127.0.0.1:9' } },
      scenarios: { a: { ...usual, ...scenario } },
      campaigns: { main: { question: '', variants: ['one'], baseline: 'one', scenarios: ['a'], blocks: 1 } },
    },
    'c',
  )
  return { ...checked, dir, file: join(dir, 'weir.config.ts') }
}

async function digestIn(config: LoadedConfig): Promise<string> {
  const mode = { length: 'full', stateDir: join(config.dir, '.weir') } as const
  const scenarios = await prepareScenarios(config, [{ scenario: 'a', variants: ['one'] }], mode, engines, never())
  return loadDigestOf(scenarios.get('a')!)
}

test('The hash of a load is the same wherever the project lies', async () => {
  assert.equal(await digestIn(project()), await digestIn(project()))
})

const others: [what: string, config: LoadedConfig][] = [
  ['script', project({}, 'other code')],
  ['environment', project({ env: { RATE: '1000' } })],
  ['options', project({ options: { duration: '60s' } })],
]
for (const [what, config] of others) {
  test(`The hash of a load is another where its ${what} is another`, async () => {
    assert.notEqual(await digestIn(config), await digestIn(project()))
  })
}

test('The header of a run has the hash of each load', async () => {
  const config = project()
  const request = await readRequest(config, readArguments(['main'], runOptions))
  const { run } = await runCampaign(config, request, engines, silent, never())
  assert.equal(run.header.scenarios[0]!.loadDigest, await digestIn(config))
})
