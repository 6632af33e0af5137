import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { LogPlace } from '../../../reference-server/session-log/location.ts'
import type { LogEntry } from '../../../reference-server/session-log/port.ts'
import { SyncSessionLog, syncSessionLog } from '../../../reference-server/session-log/sync.ts'
import { ThrottledSessionLog, throttledSessionLog } from '../../../reference-server/session-log/throttled.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'session-log-test-'))
})
after(() => rm(folder, { recursive: true, force: true }))

const entry = (session: string, turns = 1): LogEntry => ({ session, turns, lastActivityMs: 7 })
const place = (config: Partial<LogPlace['config']>, worker = { index: 0, count: 1 }): LogPlace => ({
  config: { sessionLogFile: undefined, databaseFile: undefined, databaseDir: folder, ...config },
  worker,
})
const readLog = async (file: string): Promise<LogEntry[]> =>
  (JSON.parse(await readFile(file, 'utf8')) as { sessions: LogEntry[] }).sessions

/** Runs `act` and gives the lines that were logged meanwhile. */
const logged = async (t: it.TestContext, act: () => Promise<void>): Promise<string[]> => {
  const log = t.mock.method(process.stderr, 'write', () => true)
  await act()
  const lines = log.mock.calls.map((call) => `${call.arguments[0]}`)
  log.mock.restore()
  return lines
}

const kinds = {
  throttled: { make: throttledSessionLog, writesOfTenNotes: 1 },
  sync: { make: syncSessionLog, writesOfTenNotes: 10 },
}
for (const [kind, { make, writesOfTenNotes }] of Object.entries(kinds)) {
  describe(`The session log, ${kind}`, () => {
    it(`tells of every session as it stands; ten rapid notes are ${writesOfTenNotes} writes`, async () => {
      const file = join(folder, kind, 'deep', 'log.json')
      const log = make(place({ sessionLogFile: file }))
      await log.open()
      for (let turn = 1; turn <= 9; turn++) log.note(entry('app/a', turn))
      log.note(entry('app/"b"\n', 1))
      await log.close()
      assert.equal(log.writes, writesOfTenNotes)
      assert.deepEqual(await readLog(file), [entry('app/a', 9), entry('app/"b"\n', 1)])
      assert.deepEqual(await readdir(join(folder, kind, 'deep')), ['log.json'])
    })

    it('drops sessions that are gone, and can be empty', async () => {
      const file = join(folder, `${kind}-gone.json`)
      const log = make(place({ sessionLogFile: file }))
      await log.open()
      log.note(entry('app/a'))
      log.forget('app/a')
      await log.close()
      assert.deepEqual(await readLog(file), [])
    })

    it('holds thousands of sessions', async () => {
      const file = join(folder, `${kind}-many.json`)
      const log = make(place({ sessionLogFile: file }))
      await log.open()
      const many = Array.from({ length: kind === 'sync' ? 20 : 1_203 }, (_, at) => entry(`app/${at}`))
      for (const each of many) log.note(each)
      await log.close()
      assert.deepEqual(await readLog(file), many)
    })

    it('is beside a database that is kept, one file for each worker', async () => {
      const databaseFile = join(folder, `${kind}.sqlite`)
      for (const [worker, name] of [
        [{ index: 0, count: 1 }, `${kind}.sqlite.sessions.json`],
        [{ index: 1, count: 2 }, `${kind}.sqlite.sessions-1.json`],
      ] as const) {
        const log = make(place({ databaseFile }, worker))
        await log.open()
        log.note(entry('app/a'))
        await log.close()
        assert.deepEqual(await readLog(join(folder, name)), [entry('app/a')])
      }
    })

    it('leaves nothing behind where nobody named a file', async () => {
      const databaseDir = join(folder, `${kind}-unnamed`)
      const log = make(place({ databaseDir }))
      await log.open()
      log.note(entry('app/a'))
      assert.equal((await readdir(databaseDir)).length, 1)
      await log.close()
      assert.equal(log.writes, 1)
      assert.deepEqual(await readdir(databaseDir), [])
    })

    it('keeps the gateway from starting where its folder cannot be made, and names it', async () => {
      const inTheWay = join(folder, `${kind}-in-the-way`)
      await writeFile(inTheWay, '')
      const log = make(place({ sessionLogFile: join(inTheWay, 'log.json') }))
      await assert.rejects(log.open(), { name: 'StartError', message: new RegExp(`^no session log in ${inTheWay}: `) })
    })

    it('survives a disk that cannot be written to, and says so', async (t) => {
      const file = join(folder, `${kind}-folder`)
      await mkdir(join(file, 'not empty'), { recursive: true })
      const log = make(place({ sessionLogFile: file }))
      await log.open()
      const lines = await logged(t, async () => {
        log.note(entry('app/a'))
        log.note(entry('app/b'))
        await log.close()
      })
      assert.equal(lines.length, 1)
      assert.match(lines[0]!, /^the session log cannot be written: /)
      assert.equal(log.writes, 0)
    })
  })
}

describe('The throttled session log', () => {
  /** A log whose disk is the test's: each write waits until the test ends it. */
  const withDisk = async () => {
    const writes: { sessions: string[]; end: (error?: Error) => void }[] = []
    const log = new ThrottledSessionLog(place({ sessionLogFile: join(folder, 'never.json') }), (_file, entries) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const sessions = entries.map(({ session }) => session)
      writes.push({ sessions, end: (error) => (error ? reject(error) : resolve()) })
      return promise
    })
    await log.open()
    return { log, writes }
  }
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

  it('writes every half second at most, one write at a time, and no more when nothing changes', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const { log, writes } = await withDisk()
    log.note(entry('a'))
    t.mock.timers.tick(499)
    log.note(entry('b'))
    assert.equal(writes.length, 0)
    t.mock.timers.tick(1)
    assert.deepEqual(writes[0]?.sessions, ['a', 'b'])
    log.note(entry('c'))
    t.mock.timers.tick(5_000)
    assert.equal(writes.length, 1)
    writes[0]?.end()
    await settled()
    t.mock.timers.tick(500)
    assert.deepEqual(writes[1]?.sessions, ['a', 'b', 'c'])
    writes[1]?.end()
    await settled()
    t.mock.timers.tick(5_000)
    assert.deepEqual([writes.length, log.writes], [2, 2])
  })

  it('tries again while the disk fails; the outage and its end are one line each', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const { log, writes } = await withDisk()
    const lines = await logged(t, async () => {
      log.note(entry('a'))
      for (const error of [new Error('disk full'), new Error('disk full'), undefined]) {
        t.mock.timers.tick(500)
        writes.at(-1)?.end(error)
        await settled()
      }
    })
    assert.deepEqual([writes.length, log.writes], [3, 1])
    assert.deepEqual(lines, [
      'the session log cannot be written: disk full\n',
      'the session log cannot be written: it works again\n',
    ])
  })

  it('waits for the write under way when it closes, then writes what came since', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const { log, writes } = await withDisk()
    log.note(entry('a'))
    t.mock.timers.tick(500)
    log.note(entry('b'))
    const closed = log.close()
    await settled()
    assert.equal(writes.length, 1)
    writes[0]?.end()
    await settled()
    assert.deepEqual(writes[1]?.sessions, ['a', 'b'])
    writes[1]?.end()
    await closed
    assert.equal(log.writes, 2)
  })
})

it('The synchronous session log logs an outage once, and its end', async (t) => {
  let error: Error | undefined = new Error('disk full')
  const log = new SyncSessionLog(place({ sessionLogFile: join(folder, 'never.json') }), () => {
    if (error) throw error
  })
  await log.open()
  const lines = await logged(t, async () => {
    for (let turn = 0; turn < 3; turn++) log.note(entry('a', turn))
    error = undefined
    log.note(entry('a', 4))
  })
  assert.deepEqual(lines, [
    'the session log cannot be written: disk full\n',
    'the session log cannot be written: it works again\n',
  ])
  assert.equal(log.writes, 1)
})
