import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { batchedStore } from '../../../reference-server/store/batched.ts'
import { Batches } from '../../../reference-server/store/batches.ts'
import type { Store, Write } from '../../../reference-server/store/port.ts'

const deletion = (id: string): Write => ({ kind: 'delete-session', id })
const opening = (id: string): Write => ({
  ...{ kind: 'put-session', id, agent: 'guide', device: null },
  ...{ createdAt: '2026-01-01T00:00:00.000Z', atMs: 1 },
})
const turn = (session: string, number: number): Write => ({
  ...{ kind: 'turn', session, turn: number, content: `question ${number}`, answer: `answer ${number}` },
  atMs: 1 + number,
})

describe('Batches', () => {
  it('go when they are full, in order, and the rest goes with a flush', async () => {
    const committed: string[][] = []
    const batches = new Batches({ writes: 2, ageMs: 60_000 }, async (writes) => {
      committed.push(writes.map((write) => (write as { id: string }).id))
    })
    const done = ['a', 'b', 'c'].map((id) => batches.add(deletion(id)))
    assert.equal(batches.pending, 3)
    await batches.flush()
    await Promise.all(done)
    assert.deepEqual(committed, [['a', 'b'], ['c']])
    assert.equal(batches.pending, 0)
  })

  it('go when they are old enough', async () => {
    const batches = new Batches({ writes: 50, ageMs: 1 }, async () => {})
    await batches.add(deletion('a'))
    assert.equal(batches.pending, 0)
  })

  it('fail together, and the next one is not affected', async () => {
    let attempts = 0
    const batches = new Batches({ writes: 2, ageMs: 1 }, async () => {
      if (attempts++ === 0) throw new Error('disk full')
    })
    const results = await Promise.allSettled(['a', 'b', 'c'].map((id) => batches.add(deletion(id))))
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'rejected', 'fulfilled'],
    )
    await batches.flush()
    assert.equal(batches.pending, 0)
  })
})

describe('The batched store', { concurrency: 1 }, () => {
  let folder: string
  let store: Store
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'store-test-'))
    store = batchedStore({ databaseDir: folder, databaseFile: join(folder, 'kept.sqlite') })
    await store.open()
  })
  after(async () => {
    await store.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('gives back a session with its count of turns and the end of its conversation', async () => {
    await Promise.all([opening('a'), turn('a', 1), turn('a', 2), turn('a', 3)].map((write) => store.write(write)))
    assert.deepEqual(await store.load('a'), {
      ...{ key: 'a', app: '', id: 'a', agent: 'guide', device: null, createdAt: '2026-01-01T00:00:00.000Z' },
      ...{ turns: 3, lastActivityMs: 4 },
      recent: [
        { role: 'user', content: 'question 2' },
        { role: 'assistant', content: 'answer 2' },
        { role: 'user', content: 'question 3' },
        { role: 'assistant', content: 'answer 3' },
      ],
    })
    assert.equal(await store.load('nobody'), undefined)
  })

  it('does not give back a session whose deletion is on its way', async () => {
    await store.write(opening('b'))
    const deleted = store.write(deletion('b'))
    assert.equal(await store.load('b'), undefined)
    await deleted
    assert.equal(await store.load('b'), undefined)
  })

  it('fails every write of a batch that cannot be committed, commits none of them, and goes on', async () => {
    const broken = { ...opening('c'), createdAt: null } as unknown as Write
    const results = await Promise.allSettled([store.write(opening('d')), store.write(broken)])
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'rejected'],
    )
    assert.equal(await store.load('d'), undefined)
    await store.write(opening('d'))
    assert.equal((await store.load('d'))?.id, 'd')
  })

  it('commits what is pending when it closes, and leaves one file', async () => {
    const file = join(folder, 'closed', 'kept.sqlite')
    const first = batchedStore({ databaseDir: folder, databaseFile: file })
    await first.open()
    const pending = first.write(opening('e'))
    await first.close()
    await pending
    assert.deepEqual(await readdir(join(folder, 'closed')), ['kept.sqlite'])
    const second = batchedStore({ databaseDir: folder, databaseFile: file })
    await second.open()
    assert.equal((await second.load('e'))?.id, 'e')
    await second.close()
  })
})
