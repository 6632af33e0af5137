import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Entries, entriesMemory, handleOf, isLive } from '../../../reference-server/shared-memory/entries.ts'

/** Two threads' views of the same entries, the first of which has just taken the only slot. */
function taken() {
  const memory = entriesMemory(1)
  const [one, other] = [new Entries(memory), new Entries(memory)]
  one.seek('a')
  const slot = one.allocate()!
  return { one, other, slot, stamp: one.stamp(slot) }
}

describe('Entries', () => {
  it('lets one of two threads retire an entry', () => {
    const { one, other, slot, stamp } = taken()
    assert.deepEqual([one.retire(slot, stamp), other.retire(slot, stamp)], [true, false])
    assert.equal(other.retire(slot, other.stamp(slot)), false)
    assert.equal(one.size, 0)
  })

  it('keeps the next session in a slot pending when the one before is published late', () => {
    const { one, other, slot, stamp } = taken()
    assert.equal(other.retire(slot, stamp), true)
    other.free(slot)
    other.seek('b')
    assert.equal(other.allocate(), slot)
    one.publish(slot, stamp)
    assert.equal(isLive(other.stamp(slot)), false)
  })

  it('does not publish what was retired', () => {
    const { one, other, slot, stamp } = taken()
    other.retire(slot, stamp)
    one.publish(slot, stamp)
    assert.equal(one.isCurrent(handleOf(slot, stamp)), false)
  })

  it('gives each session in a slot another handle, also where the count of sessions wraps', () => {
    const memory = entriesMemory(1)
    const entries = new Entries(memory)
    const stampAt = 1
    new Int32Array(memory.rows)[stampAt] = -4 // the last count of 30 bits
    entries.seek('a')
    const handles = [0, 1].map(() => {
      const slot = entries.allocate()!
      entries.publish(slot, entries.stamp(slot))
      const handle = handleOf(slot, entries.stamp(slot))
      assert.equal(entries.isCurrent(handle), true)
      entries.retire(slot, entries.stamp(slot))
      entries.free(slot)
      return handle
    })
    assert.notEqual(handles[0], handles[1])
  })
})
