import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { openSampledThreads } from '../../harness/profile/cpu/threads.ts'

test('A thread that goes without having heard what it was told is over, and ends nothing else', async (t) => {
  const threads = await openSampledThreads({ intervalUs: 1000, most: 2, fileFor: () => 'nowhere.cpuprofile' })
  t.after(() => threads.close())
  threads.start()
  // It hears nothing: what it is told lies unread when it goes, which resets the connection.
  const thread = connect(threads.socketPath).pause()
  await once(thread, 'connect')
  thread.write('{"hello":{"pid":4711,"thread":0}}\n')
  while (threads.all().length === 0) await new Promise((resolve) => setImmediate(resolve))
  const [held] = threads.all()
  assert.equal(held!.file, 'nowhere.cpuprofile')
  thread.destroy()
  await held!.over
  assert.equal(held!.problem, null)
})
