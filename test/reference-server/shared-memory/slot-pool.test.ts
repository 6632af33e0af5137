import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SlotPool, slotPoolMemory } from '../../../reference-server/shared-memory/slot-pool.ts'
import { UntaggedPool } from './support/untagged-pool.ts'

describe('Slot pool', () => {
  it('gives out each slot once, then nothing, to whichever thread asks', () => {
    const memory = slotPoolMemory(3)
    const [one, other] = [new SlotPool(memory), new SlotPool(memory)]
    assert.deepEqual([one.allocate(), other.allocate(), one.allocate(), other.allocate()], [0, 1, 2, undefined])
  })

  it('gives out a slot that was freed, the latest first', () => {
    const pool = new SlotPool(slotPoolMemory(3))
    for (const slot of [pool.allocate(), pool.allocate(), pool.allocate()]) assert.notEqual(slot, undefined)
    pool.free(1)
    pool.free(0)
    assert.deepEqual([pool.allocate(), pool.allocate(), pool.allocate()], [0, 1, undefined])
  })

  it('refuses to free a slot twice, or one that was never taken', () => {
    const pool = new SlotPool(slotPoolMemory(2))
    const slot = pool.allocate()!
    pool.free(slot)
    assert.throws(() => pool.free(slot), /slot 0 is freed, but is not in use/)
    assert.throws(() => pool.free(1), /slot 1/)
  })
})

/** What both pools can do. */
interface Pool<Top> {
  observe(): Top | undefined
  tryTake(seen: Top): boolean
  allocate(): number | undefined
  free(slot: number): void
}

/**
 * What ABA needs: a thread sees slot 0 on top and 1 below, sleeps while another takes 0 and 1 and frees 0, and wakes to
 * find 0 on top again. Slot 1 is in use now, and a swap that makes it the top gives it to a second owner.
 */
function takeAcrossTheOthersSteps<Top>(pool: Pool<Top>) {
  const seen = pool.observe()!
  const others = [pool.allocate(), pool.allocate()]
  pool.free(others[0]!)
  return { others, taken: pool.tryTake(seen), next: pool.allocate() }
}

const tagOf = (word: bigint) => word >> 32n
const withTag = (word: bigint, tag: bigint) => (tag << 32n) | BigInt.asUintN(32, word)

describe('A thread that sleeps between its look at the top and its swap', () => {
  it('hands a slot to two owners where the top has no tag', () => {
    const outcome = takeAcrossTheOthersSteps(new UntaggedPool(3))
    assert.deepEqual(outcome, { others: [0, 1], taken: true, next: 1 })
  })

  it('is refused by the tag, and every slot keeps one owner', () => {
    const pool = new SlotPool(slotPoolMemory(3))
    const outcome = takeAcrossTheOthersSteps(pool)
    assert.deepEqual(outcome, { others: [0, 1], taken: false, next: 0 })
    assert.deepEqual([pool.allocate(), pool.allocate()], [2, undefined])
  })

  it('is refused where the tag wraps meanwhile', () => {
    const memory = slotPoolMemory(3)
    const head = new BigUint64Array(memory, 0, 1)
    head[0] = withTag(head[0]!, 0xffff_fffen)
    const outcome = takeAcrossTheOthersSteps(new SlotPool(memory))
    assert.equal(tagOf(head[0]), 2n)
    assert.deepEqual(outcome, { others: [0, 1], taken: false, next: 0 })
  })

  it('is fooled by exactly 2^32 swaps of the others, which is the limit of the tag, and by not one fewer', () => {
    const memory = slotPoolMemory(3)
    const head = new BigUint64Array(memory, 0, 1)
    const pool = new SlotPool(memory)
    const seen = pool.observe()!
    pool.free(pool.allocate()!)
    assert.equal(tagOf(head[0]!) - tagOf(seen.top), 2n)
    head[0] = withTag(seen.top, tagOf(seen.top) + 2n ** 32n - 1n)
    assert.equal(pool.tryTake(seen), false)
    head[0] = withTag(seen.top, BigInt.asUintN(32, tagOf(seen.top) + 2n ** 32n))
    assert.equal(pool.tryTake(seen), true)
  })
})
