import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Conductor } from '../../../../harness/engine/sessions/load-test/conductor.ts'
import { LoadTest } from '../../../../harness/engine/sessions/load-test/load-test.ts'
import type { PartEvents } from '../../../../harness/engine/sessions/load-test/part.ts'
import { scriptFiles } from '../k6/run-script.ts'

/** Runs a script in so many parts, as so many generators would. @returns what its users said */
async function runInParts(script: string, count: number): Promise<string[]> {
  const said: string[] = []
  const events: PartEvents = { log: (_, message) => void said.push(message), second: () => {}, stopping: () => {} }
  const parts = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      LoadTest.prepare({ script, env: {}, options: {}, share: { index, count } }, events),
    ),
  )
  await new Conductor(parts[0]!.plan(), count, { log: () => {} }).run(parts)
  return said
}

const showIds = (options: string) => `import exec from 'k6/execution'
export const options = { ${options} scenarios: { s: { executor: 'per-vu-iterations', vus: 7, iterations: 1 } } }
export default function () { console.log([__VU, exec.vu.idInInstance, exec.vu.idInTest].join()) }`

it('users of several generators have the numbers that those of one would have', async (t) => {
  const script = await scriptFiles(t, { 'ids.js': showIds('') })
  assert.deepEqual(
    (await runInParts(script, 3)).sort(),
    [1, 2, 3, 4, 5, 6, 7].map((id) => `${id},${id},${id}`),
  )
})

it('users of several generators of one segment count within it, and over the test', async (t) => {
  const script = await scriptFiles(t, {
    'ids.js': showIds("executionSegment: '1/2:1', executionSegmentSequence: '0,1/2,1',"),
  })
  assert.deepEqual(
    (await runInParts(script, 2)).sort(),
    [1, 2, 3].map((id) => `${id},${id},${2 * id}`),
  )
})
