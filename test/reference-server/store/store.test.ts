import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Store, Write } from '../../../reference-server/store/port.ts'
import { batchedWrites } from '../../../reference-server/store/writes/batched.ts'
import { unbatchedWrites } from '../../../reference-server/store/writes/unbatched.ts'
import { embeddedStore } from './support/stores.ts'

const createdAt = '2026-01-01T00:00:00.000Z'
const keyOf = (id: string): string => `app-a/${id}`
const opening = (id: string, more: { device?: string; atMs?: number } = {}): Write => ({
  ...{ kind: 'put-session', key: keyOf(id), app: 'app-a', agent: 'guide', device: null, createdAt, atMs: 1 },
  ...more,
})
const turn = (id: string, number: number): Write => ({
  ...{ kind: 'turn', session: keyOf(id), turn: number, content: `question ${number}`, answer: `answer ${number}` },
  atMs: 1 + number,
})
const ending = (id: string, idleSinceMs: number): Write => ({ kind: 'end-session', key: keyOf(id), idleSinceMs })
const deletion = (id: string): Write => ({ kind: 'delete-session', key: keyOf(id) })

const said = (...numbers: number[]) =>
  numbers.flatMap((number) => [
    { role: 'user', content: `question ${number}` },
    { role: 'assistant', content: `answer ${number}` },
  ])

const behaviours = { batched: batchedWrites, unbatched: unbatchedWrites }

for (const [name, writes] of Object.entries(behaviours)) {
  describe(`The embedded store, ${name}`, { concurrency: 1 }, () => {
    let folder: string
    let store: Store
    const writeAll = (...all: Write[]): Promise<unknown> => Promise.all(all.map((write) => store.write(write)))
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'store-test-'))
      store = embeddedStore(join(folder, 'kept.sqlite'), { writes })
      await store.open()
    })
    after(async () => {
      await store.close()
      await rm(folder, { recursive: true, force: true })
    })

    it('gives back a session with its count of turns and the end of its conversation', async () => {
      await writeAll(opening('a'), turn('a', 1), turn('a', 2), turn('a', 3))
      assert.deepEqual(await store.load(keyOf('a')), {
        status: 'active',
        state: {
          ...{ key: keyOf('a'), app: 'app-a', id: 'a', agent: 'guide', device: null, createdAt },
          ...{ turns: 3, lastActivityMs: 4, recent: said(2, 3) },
        },
      })
      assert.equal(await store.load(keyOf('nobody')), undefined)
    })

    it('gives as much of a conversation as it is asked for, oldest first', async () => {
      assert.deepEqual(await store.history(keyOf('a'), 100), said(1, 2, 3))
      assert.deepEqual(await store.history(keyOf('a'), 3), [...said(2).slice(1), ...said(3)])
      assert.deepEqual(await store.history(keyOf('nobody'), 3), [])
    })

    it('imports a conversation, which need not alternate', async () => {
      const messages = [
        ...said(1),
        { role: 'user', content: 'two' },
        ...said(3),
        { role: 'assistant', content: 'more' },
      ]
      await store.write({ ...opening('imported'), messages } as Write)
      assert.deepEqual(await store.history(keyOf('imported'), 100), messages)
      assert.equal((await store.load(keyOf('imported')))?.state.turns, 4)
    })

    it('does not give back a session whose deletion is on its way, nor a turn that came after it', async () => {
      await store.write(opening('b'))
      const deleted = store.write(deletion('b'))
      const late = store.write(turn('b', 1))
      assert.equal(await store.load(keyOf('b')), undefined)
      await Promise.all([deleted, late])
      assert.deepEqual(await store.history(keyOf('b'), 10), [])
    })

    it('keeps of two sessions with one key the first', async () => {
      await writeAll(opening('twice'), turn('twice', 1), opening('twice', { device: 'other' }))
      const { state } = (await store.load(keyOf('twice')))!
      assert.deepEqual([state.device, state.turns], [null, 1])
    })

    it('ends a session that was idle, says so, and lets it go on when it is put again', async () => {
      await writeAll(opening('c', { atMs: 10 }), turn('c', 1), ending('c', 5))
      assert.equal((await store.load(keyOf('c')))?.status, 'active')
      await store.write(ending('c', 10))
      assert.equal((await store.load(keyOf('c')))?.status, 'ended')
      await store.write(opening('c', { atMs: 20 }))
      const reopened = await store.load(keyOf('c'))
      assert.deepEqual([reopened?.status, reopened?.state.turns, reopened?.state.lastActivityMs], ['active', 1, 20])
    })

    it('finds the session of a device that was active last, and none that has ended', async () => {
      await writeAll(
        ...[opening('d1', { device: 'phone', atMs: 10 }), opening('d2', { device: 'phone', atMs: 30 })],
        ...[opening('d3', { device: 'phone', atMs: 20 }), ending('d2', 30)],
      )
      assert.equal(await store.findActive('app-a', 'phone'), keyOf('d3'))
      assert.equal(await store.findActive('app-b', 'phone'), undefined)
    })

    it('names idle sessions, longest idle first, but none with a change on its way', async () => {
      await writeAll(...[3, 1, 2].map((age) => opening(`e${age}`, { atMs: -age })))
      assert.deepEqual(await store.idleSessions(0, 2), [keyOf('e3'), keyOf('e2')])
      const written = store.write(turn('e3', 1))
      assert.deepEqual(await store.idleSessions(0, 10), [keyOf('e2'), keyOf('e1')])
      await written
    })

    it('knows the organisations of the apps of its callers, and counts how often it was asked', async () => {
      const before = store.organisationReads
      assert.equal(await store.organisationOf('app-a'), 'org-app-a')
      assert.equal(await store.organisationOf('app-z'), undefined)
      assert.equal(store.organisationReads, before + 2)
    })

    it('knows no agent that nobody has defined', async () => {
      assert.equal(await store.agent('guide'), undefined)
    })

    it('fails a change that is no good, and no other one', async () => {
      const broken = { ...opening('f'), createdAt: null } as unknown as Write
      const results = await Promise.allSettled([opening('g'), broken, opening('h')].map((each) => store.write(each)))
      assert.deepEqual(
        results.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      )
      assert.equal(await store.load(keyOf('f')), undefined)
      assert.equal((await store.load(keyOf('h')))?.state.id, 'h')
      assert.deepEqual([store.pendingWrites, store.connectionsInUse], [0, 0])
    })

    it('commits what is pending when it closes, leaves one file, and finds everything in it later', async () => {
      const file = join(folder, 'closed', 'kept.sqlite')
      const first = embeddedStore(file, { writes })
      await first.open()
      const pending = first.write(opening('i'))
      await first.close()
      await pending
      assert.deepEqual(await readdir(join(folder, 'closed')), ['kept.sqlite'])
      const second = embeddedStore(file, { writes })
      await second.open()
      assert.equal((await second.load(keyOf('i')))?.state.id, 'i')
      await second.close()
    })
  })
}
