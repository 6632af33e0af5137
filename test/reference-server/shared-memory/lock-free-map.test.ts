import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bucketsFor, Entries, entriesMemory } from '../../../reference-server/shared-memory/entries.ts'
import { LockFreeMap, lockFreeMapMemory } from '../../../reference-server/shared-memory/lock-free-map.ts'

/** What another thread does in the middle of an operation; once. */
class Interruption {
  #act: (() => void) | undefined

  prepare(act: () => void): void {
    this.#act = act
  }

  happen(): void {
    const act = this.#act
    this.#act = undefined
    act?.()
  }
}

/** Entries whose owner is interrupted after it has looked at an entry's stamp and before it compares the id. */
class InterruptedEntries extends Entries {
  readonly comparing = new Interruption()

  override isSought(slot: number): boolean {
    this.comparing.happen()
    return super.isSought(slot)
  }
}

/**
 * A map as two threads see it. The first one is interrupted as the test says: while it compares, or in its `add`
 * between the walk that found the id absent and the insertion (`inserting`).
 */
function mapOfTwo(capacity: number) {
  const buffer = lockFreeMapMemory(capacity)
  const memory = entriesMemory(capacity)
  const entries = new InterruptedEntries(memory)
  const inserting = new Interruption()
  const one = new LockFreeMap(buffer, entries, () => inserting.happen())
  const other = new LockFreeMap(buffer, new Entries(memory), () => {})
  return { one, other, inserting, comparing: entries.comparing }
}

/** Ids of one bucket, and one of another. */
function idsByBucket(capacity: number) {
  const entries = new Entries(entriesMemory(capacity))
  const bucketOf = (id: string) => entries.seek(id)! & (bucketsFor(capacity) - 1)
  const ids = Array.from({ length: 100 }, (_, number) => `id-${number}`)
  const [a, b, c] = ids.filter((id) => bucketOf(id) === 0)
  return { a: a!, b: b!, c: c!, elsewhere: ids.find((id) => bucketOf(id) === 1)! }
}

const capacity = 4
const { a, b, c, elsewhere } = idsByBucket(capacity)

describe('Lock-free map, interrupted by another thread', () => {
  it('finds the session that took the slot it was looking at, and not the one before', () => {
    const { one, other, comparing } = mapOfTwo(1)
    const before = other.add(a)?.handle
    comparing.prepare(() => {
      other.remove(a)
      other.add(b)
    })
    const found = one.find(b)
    assert.notEqual(found, before)
    assert.equal(found, other.find(b))
  })

  it('hands out no old handle where the walk of an insertion meets a slot that changes its session', () => {
    const { one, other, comparing } = mapOfTwo(1)
    other.add(a)
    comparing.prepare(() => {
      other.remove(a)
      other.add(b)
    })
    assert.deepEqual(one.add(b), { handle: other.find(b), added: false })
  })

  it('adds nothing where the other was first, and keeps no slot for it', () => {
    const { one, other, inserting } = mapOfTwo(2)
    inserting.prepare(() => other.add(a))
    const outcome = one.add(a)
    assert.deepEqual(outcome, { handle: other.find(a), added: false })
    assert.equal(one.size, 1)
    assert.equal(one.add(b)?.added, true)
  })

  it('does not insert behind an entry that was removed meanwhile', () => {
    const { one, other, inserting } = mapOfTwo(capacity)
    other.add(a)
    inserting.prepare(() => other.remove(a))
    const handle = one.add(b)?.handle
    assert.deepEqual([one.find(b), other.find(b), other.find(a), one.size], [handle, handle, undefined, 1])
  })

  it('does not insert behind an entry that is in another chain by now (ABA)', () => {
    const { one, other, inserting } = mapOfTwo(capacity)
    other.add(a)
    inserting.prepare(() => {
      other.remove(a)
      other.add(elsewhere)
    })
    const handle = one.add(b)?.handle
    assert.deepEqual([other.find(b), one.size, other.remove(b), other.remove(elsewhere)], [handle, 2, true, true])
  })

  it('walks on in its own chain where the entry it stands on moves to another (ABA)', () => {
    const { one, other, comparing } = mapOfTwo(capacity)
    for (const id of [a, b]) other.add(id)
    comparing.prepare(() => {
      other.remove(a)
      other.remove(b)
      other.add(c)
      other.add(elsewhere)
    })
    assert.deepEqual(one.add(c), { handle: other.find(c), added: false })
    assert.equal(one.size, 2)
  })

  it('removes a session once, though the other removes it at the same time', () => {
    const { one, other, comparing } = mapOfTwo(capacity)
    other.add(a)
    let removedByOther = false
    comparing.prepare(() => {
      removedByOther = other.remove(a)
    })
    assert.deepEqual([one.remove(a), removedByOther, one.size], [false, true, 0])
  })
})
