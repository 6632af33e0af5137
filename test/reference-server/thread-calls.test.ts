import assert from 'node:assert/strict'
import { it } from 'node:test'
import { MessageChannel } from 'node:worker_threads'
import { busy, Problem } from '../../reference-server/gateway/problems.ts'
import { serveCalls, ThreadCalls } from '../../reference-server/thread-calls.ts'

const methods = {
  add: (a: number, b: number) => a + b,
  later: async (value: { text: string }) => value,
  fail: async () => {
    throw new Error('no such thing')
  },
  refuse: async () => {
    throw busy('try again')
  },
  never: () => new Promise<void>(() => {}),
}

const connect = () => {
  const { port1, port2 } = new MessageChannel()
  serveCalls(methods, port1)
  return { calls: new ThreadCalls<typeof methods>(port2), served: port1 }
}

it('Methods are called with copies of their arguments and answer each their own caller', async () => {
  const { calls } = connect()
  const value = { text: 'a' }
  const [sum, same] = await Promise.all([calls.call('add', 1, 2), calls.call('later', value)])
  assert.deepEqual([sum, same, same === value, calls.pending], [3, value, false, 0])
  calls.close()
})

it('What a method throws is thrown at its caller; a problem keeps its status', async () => {
  const { calls } = connect()
  await assert.rejects(calls.call('fail'), /no such thing/)
  await assert.rejects(
    calls.call('refuse'),
    (error) => error instanceof Problem && error.status === 503 && error.retryAfterS === 1,
  )
  calls.close()
})

it('Who waits for a thread that goes away is told, and so is who comes later', async () => {
  const { calls, served } = connect()
  const waiting = assert.rejects(calls.call('never'), /gone away/)
  served.close()
  await waiting
  await assert.rejects(calls.call('add', 1, 2), /gone away/)
})
