import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { runCampaign } from '../../harness/campaign.ts'
import { checkConfig } from '../../harness/config.ts'
import { microEngine } from '../../harness/engine/micro/engine.ts'
import { silent } from '../support/fake-engine.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-tasks-'))
after(() => rmSync(dir, { recursive: true }))
writeFileSync(
  join(dir, 'suite.mjs'),
  `const kept = [1, 2, 3, 4]
export const tasks = {
  read: { open: () => ({ operation: (at) => kept[at & 3] }) },
  broken: { open: () => { throw new Error('no memory') } },
}
`,
)

it('A campaign of tasks starts no target, and a task that fails leaves the others alone', async () => {
  const checked = checkConfig(
    {
      // It would fail if it were started.
      variants: { plain: { command: ['no-such-program'], ready: { http: '/' } }, broken: { task: 'broken' } },
      scenarios: {
        suite: {
          ...{ engine: 'micro', script: 'suite.mjs', tasks: { plain: 'read' } },
          options: { seconds: 0.05, warmupSeconds: 0.05 },
        },
      },
      campaigns: {
        main: { question: '', variants: ['plain', 'broken'], baseline: 'plain', scenarios: ['suite'], blocks: 1 },
      },
    },
    'c',
  )
  const { run } = await runCampaign(
    { ...checked, dir, file: 'c' },
    {
      ...{ name: 'main', campaign: checked.campaigns.main!, quick: false, seed: 1 },
      asked: { variants: [], scenarios: [], blocks: null },
    },
    { micro: microEngine },
    silent,
    new AbortController().signal,
  )
  const of = (variant: string) => run.records.find((record) => record.variant === variant)!
  assert.equal(of('plain').failure, undefined)
  const metrics = of('plain').observations.map(({ metric, stat }) => `${metric} ${stat}`)
  for (const metric of ['time_per_op', 'bytes_per_op', 'micro_doubling_ratio', 'micro_ops_per_sample'])
    assert.ok(metrics.includes(`${metric} value`), metric)
  assert.equal(of('plain').primary, 'time_per_op value')
  assert.match(of('plain').notes.join(' '), /less the empty loop/)
  assert.equal(of('broken').failure?.stage, 'task')
  assert.match(of('broken').failure!.message, /suite\.mjs: task "broken" threw: no memory \(.*suite\.mjs:4:\d+\)/)
})
