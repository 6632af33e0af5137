import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { freePorts } from '../../../harness/target/ports.ts'
import { conditions, control, requestRounds, workRounds } from '../conditions.ts'
import { work } from './work.ts'

/** The server under a condition; gives the answers of so many requests, in order, and its exit code once it was asked to go. */
async function answersUnder(test: TestContext, env: Record<string, string>, requests: number) {
  const [port] = await freePorts(1)
  const child = spawn(process.execPath, [join(import.meta.dirname, 'server.ts')], {
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  test.after(() => child.kill('SIGKILL'))
  const url = `http://127.0.0.1:${port}`
  await once(child.stdout, 'data')
  assert.equal(await (await fetch(`${url}/ready`)).text(), 'ready')
  const answers: string[] = []
  for (let request = 0; request < requests; request++) answers.push(await (await fetch(url)).text())
  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  return { answers, code }
}

describe('The server of the study', () => {
  it('answers with the document that its rounds of work make, and goes when it is asked to', async (test) => {
    const { answers, code } = await answersUnder(test, control.env, 3)
    assert.deepEqual(answers, Array(3).fill(work(workRounds)))
    assert.equal(code, 0)
  })

  it('answers the same when answers are held back, bytes are kept and garbage is made', async (test) => {
    const env = { ...control.env, HOLD_EVERY: '2', HOLD_MS: '1', KEPT_BYTES: '1000', GARBAGE_BYTES: '20000' }
    const { answers } = await answersUnder(test, env, 5)
    assert.deepEqual(answers, Array(5).fill(work(workRounds)))
  })
})

describe('Work', () => {
  it('is another document after each round, of the same length', () => {
    const documents = [1, 2, 3, workRounds].map(work)
    assert.equal(new Set(documents).size, 4)
    assert.deepEqual([...new Set(documents.map(({ length }) => length))], [documents[0]!.length])
  })

  it('is more by the percentage of a whole request that a condition says', () => {
    const rounds = (name: string) => Number(conditions.find((each) => each.name === name)!.env.WORK_ROUNDS)
    for (const percent of [1, 2, 5, 10])
      assert.equal(rounds(`work-${percent}`) - workRounds, (requestRounds * percent) / 100)
    for (const name of ['control-again', 'stalls', 'leak', 'garbage']) assert.equal(rounds(name), workRounds)
  })
})
