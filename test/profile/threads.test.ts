import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { openSampledThreads } from '../../harness/profile/cpu/threads.ts'
import { until } from '../target/programs.ts'

const hello = '{"hello":{"thread":0}}\n'

test('A thread that goes without having heard what it was told is over, and ends nothing else', async (t) => {
  const threads = await openSampledThreads({ intervalUs: 1000, most: 2, fileFor: () => 'nowhere.cpuprofile' })
  t.after(() => threads.close())
  threads.start()
  // It hears nothing: what it is told lies unread when it goes, which resets the connection.
  const thread = connect(threads.socketPath).pause()
  await once(thread, 'connect')
  thread.write(hello)
  const held = await until(() => threads.all().find(({ file }) => file !== null), 'its hello')
  assert.equal(held.file, 'nowhere.cpuprofile')
  thread.destroy()
  await held.over
  assert.deepEqual([held.problem, held.isGone], [null, true])
})

test('Those that end while stacks are sampled are held, heard or not, those that ended before are not', async (t) => {
  const threads = await openSampledThreads({ intervalUs: 1000, most: 1, fileFor: (_, number) => `${number}` })
  t.after(() => threads.close())
  const hangOn = async (text: string): Promise<Socket> => {
    const socket = connect(threads.socketPath)
    await once(socket, 'connect')
    if (text !== '') socket.write(text)
    return socket
  }
  const early = await hangOn(hello)
  early.end()
  await once(early.resume(), 'close')
  threads.start()
  for (const text of ['', hello, hello]) {
    const before = threads.all().length
    const socket = await hangOn(text)
    const held = await until(() => threads.all()[before], 'the thread')
    await until(() => (held.thread === null) === (text === ''), 'its hello')
    socket.destroy()
    await held.over
  }
  assert.deepEqual(
    threads.all().map(({ file, isLeftOut, isGone }) => [file, isLeftOut, isGone]),
    [
      [null, false, true],
      ['1', false, true],
      [null, true, true],
    ],
  )
})
