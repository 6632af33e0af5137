import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { taskOf } from '../../harness/config/services.ts'
import { loadConfig } from '../../harness/config.ts'
import { readSuite } from '../../harness/engine/micro/suite.ts'

const root = join(import.meta.dirname, '../..')
const { scenarios, variants, campaigns } = await loadConfig('weir.config.ts', root)
const suites = Object.entries(scenarios).filter(([, { tasks }]) => tasks !== undefined)

describe('Suites of single operations', () => {
  it('are all measured', () => {
    const files = readdirSync(join(root, 'scenarios/micro')).filter((name) => name.endsWith('.ts'))
    const scripts = new Set(suites.map(([, { script }]) => script))
    assert.deepEqual([...scripts].sort(), files.map((name) => `scenarios/micro/${name}`).sort())
  })

  for (const [name, { script, options }] of suites)
    it(`have every task that is asked for, for as many threads: ${name}`, async () => {
      const { tasks } = await readSuite(join(root, script))
      const { threads = 1 } = options as { threads?: number }
      for (const variant of campaigns.micro!.only![name]!) {
        const task = tasks[taskOf({ scenarios, variants, services: {} }, name, variant)!]
        assert.ok((task?.threads ?? [1]).includes(threads), variant)
      }
    })

  // What they need beside memory: a server, a folder, 50 ms.
  const byThemselves = ['state-read', 'state-write', 'registry', 'hydration', 'cache']
  for (const suite of byThemselves)
    it(`do what they say, each task in its own way: ${suite}`, async () => {
      const { tasks } = await readSuite(join(root, `scenarios/micro/${suite}.ts`))
      const results = Object.entries(tasks).map(async ([name, task]) => {
        const setting = { threads: 1, env: {} }
        const shared = await task.share?.(setting)
        const handed = task.hand?.(shared, 0).value ?? shared
        const open = await task.open({ ...setting, thread: 0, shared: handed })
        const [first, again] = [await open.operation(1), await open.operation(1)]
        await open.close?.()
        if (hasEnd(shared)) await shared.end()
        return [name, first, again] as const
      })
      for (const [name, first, again] of await Promise.all(results)) {
        assert.equal(typeof first, 'number', name)
        // A read changes nothing, and a write adds one turn to what the one before it wrote.
        assert.equal(again - first, suite === 'state-write' ? 1 : 0, name)
        if (suite === 'state-read') assert.equal(first, 0, name)
        if (suite === 'state-write') assert.equal(first, 1, name)
      }
    })
})

const hasEnd = (shared: unknown): shared is { end(): Promise<void> } =>
  typeof (shared as { end?: unknown } | undefined)?.end === 'function'
