import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { lock, unlock } from '../../../reference-server/shared-memory/atomics-mutex.ts'
import { Crew } from './support/crew.ts'

it('A thread that finds the mutex taken sleeps, says so, and is woken by the one that gives it back', {
  timeout: 10_000,
}, async (t) => {
  const crew = new Crew(1)
  t.after(() => crew.end())
  const words = new Int32Array(new SharedArrayBuffer(8))
  lock(words, 0)
  assert.equal(words[0], 1)
  const added = crew.run('mutex', { words: words.buffer, rounds: 1 })
  while (Atomics.load(words, 0) !== 2) await setImmediate()
  assert.equal(words[1], 0)
  unlock(words, 0)
  await added
  assert.deepEqual([...words], [0, 1])
})
