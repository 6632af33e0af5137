import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { loggedBackoffExpiry } from '../../../reference-server/expiry/logged-backoff.ts'
import type { ExpiryNeeds } from '../../../reference-server/expiry/port.ts'
import { silentExpiry } from '../../../reference-server/expiry/silent.ts'
import type { Write } from '../../../reference-server/store/port.ts'

const config = { idleTimeoutMs: 1_000, expiryEveryMs: 100 }

/** A store that knows some idle sessions, and can be away; what it was asked to end. */
const fakeNeeds = (idle: string[] = [], busy: string[] = []) => {
  const fake = {
    ...{ config, isAway: false, ended: [] as string[], askedBefore: [] as number[], forgotten: [] as string[] },
    commit: async () => {},
  }
  const needs: ExpiryNeeds = {
    config,
    store: {
      async idleSessions(beforeMs, most) {
        fake.askedBefore.push(beforeMs)
        if (fake.isAway) throw new Error('the database is away')
        return idle.filter((key) => !fake.ended.includes(key)).slice(0, most)
      },
      async write(write: Write) {
        assert.equal(write.kind, 'end-session')
        await fake.commit()
        fake.ended.push(write.key)
      },
    },
    forgetIdle(key) {
      if (busy.includes(key)) return false
      fake.forgotten.push(key)
      return true
    },
  }
  return { fake, needs }
}

/** Lets what is under way finish; none of it waits for a timer. */
const settle = (): Promise<void> => new Promise(setImmediate)

const mockTime = (t: TestContext): ((ms: number) => Promise<void>) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 50_000 })
  return (ms) => {
    t.mock.timers.tick(ms)
    return settle()
  }
}

const logOf = (t: TestContext): string[] => {
  const lines: string[] = []
  t.mock.method(process.stderr, 'write', (line: string) => lines.push(line) > 0)
  return lines
}

for (const [kind, make] of Object.entries({ 'logged-backoff': loggedBackoffExpiry, silent: silentExpiry })) {
  describe(`Expiry, ${kind}`, () => {
    it('ends what was idle for too long, in memory and in the database, and looks again after each interval', async (t) => {
      const pass = mockTime(t)
      const { fake, needs } = fakeNeeds(['app/a', 'app/b', 'app/c'], ['app/b'])
      const expiry = make(needs)
      expiry.start()
      await pass(99)
      assert.equal(expiry.attempts, 0)
      await pass(1)
      assert.deepEqual(fake.askedBefore, [50_100 - config.idleTimeoutMs])
      assert.deepEqual(
        [fake.forgotten, fake.ended],
        [
          ['app/a', 'app/c'],
          ['app/a', 'app/c'],
        ],
      )
      await pass(100)
      assert.deepEqual([expiry.expired, expiry.attempts, expiry.failures], [2, 2, 0])
      await expiry.close()
      await pass(1_000)
      assert.equal(expiry.attempts, 2)
    })

    it('ends any number of sessions in one attempt', async (t) => {
      const pass = mockTime(t)
      const { needs } = fakeNeeds(Array.from({ length: 1_200 }, (_, index) => `app/${index}`))
      const expiry = make(needs)
      expiry.start()
      await pass(100)
      assert.deepEqual([expiry.expired, expiry.attempts], [1_200, 1])
      await expiry.close()
    })

    it('closes although a change still waits for a database that is away', async (t) => {
      const pass = mockTime(t)
      const { fake, needs } = fakeNeeds(['app/a'])
      fake.commit = () => new Promise(() => {})
      const expiry = make(needs)
      expiry.start()
      await pass(100)
      await expiry.close()
      assert.deepEqual([expiry.expired, fake.forgotten], [0, ['app/a']])
    })

    it('goes on by itself when the database is back', async (t) => {
      logOf(t)
      const pass = mockTime(t)
      const { fake, needs } = fakeNeeds(['app/a'])
      fake.isAway = true
      const expiry = make(needs)
      expiry.start()
      for (let at = 0; at < 1_000; at += 50) await pass(50)
      assert.ok(expiry.failures >= 2)
      assert.equal(expiry.failures, expiry.attempts)
      fake.isAway = false
      for (let at = 0; at < 1_000; at += 50) await pass(50)
      assert.deepEqual(fake.ended, ['app/a'])
      await expiry.close()
    })
  })
}

/** When each attempt was made over so many intervals, in intervals. */
const attemptsOver = async (t: TestContext, make: (needs: ExpiryNeeds) => ReturnType<typeof silentExpiry>) => {
  const pass = mockTime(t)
  const { fake, needs } = fakeNeeds()
  fake.isAway = true
  const expiry = make(needs)
  expiry.start()
  for (let interval = 0; interval < 48; interval += 1) {
    if (interval === 36) fake.isAway = false
    await pass(100)
  }
  await expiry.close()
  const attempts = fake.askedBefore.map((beforeMs) => (beforeMs + config.idleTimeoutMs - 50_000) / 100)
  return { attempts, logged: expiry.failuresLogged }
}

it('With back-off, each failure is logged and makes the wait longer, up to ten intervals, until one succeeds', async (t) => {
  const lines = logOf(t)
  const { attempts, logged } = await attemptsOver(t, (needs) => loggedBackoffExpiry(needs, () => 0))
  assert.deepEqual(attempts, [1, 3, 7, 15, 25, 35, 45, 46, 47, 48])
  assert.deepEqual(new Set(lines), new Set(['idle sessions could not be ended: the database is away\n']))
  assert.deepEqual([lines.length, logged], [6, 6])
})

it('With back-off, up to half of a wait is left to chance', async (t) => {
  logOf(t)
  const { attempts } = await attemptsOver(t, (needs) => loggedBackoffExpiry(needs, () => 0.9999999))
  assert.deepEqual(attempts.slice(0, 5), [1, 3, 6, 11, 17])
})

it('With back-off, no wait is longer than a timer can be', async (t) => {
  logOf(t)
  const pass = mockTime(t)
  const longestMs = 2_147_483_647
  const { fake, needs } = fakeNeeds()
  fake.isAway = true
  const expiry = loggedBackoffExpiry({ ...needs, config: { ...config, expiryEveryMs: longestMs - 1 } }, () => 0)
  expiry.start()
  await pass(longestMs - 1)
  assert.equal(expiry.attempts, 1)
  await pass(longestMs - 1)
  assert.equal(expiry.attempts, 1)
  await pass(1)
  assert.equal(expiry.attempts, 2)
  await expiry.close()
})

it('Silent expiry logs nothing and tries as often as ever', async (t) => {
  const lines = logOf(t)
  const { attempts, logged } = await attemptsOver(t, silentExpiry)
  assert.deepEqual([attempts.length, logged], [48, 0])
  assert.deepEqual(lines, [])
})
