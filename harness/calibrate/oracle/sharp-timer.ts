import { monotonicNow } from '../../clock.ts'

/** A timer of Node is up to 1.1 ms late; from here on the event loop is turned without a pause instead. */
const spinMs = 1.5

interface Waiting {
  dueMs: number
  ring: () => void
}

/**
 * Calls back at a time of CLOCK_MONOTONIC, some microseconds after it. While something is due within 1.5 ms the event
 * loop goes round without sleeping: sockets are still read in every round, so what arrives is stamped as sharply.
 */
export class SharpTimer {
  /** A binary heap: the earliest stands first. */
  private readonly heap: Waiting[] = []
  private sleeping: NodeJS.Timeout | null = null
  private isSpinning = false

  at(dueMs: number, ring: () => void): void {
    this.push({ dueMs, ring })
    this.plan()
  }

  private plan(): void {
    const next = this.heap[0]
    if (next === undefined || this.isSpinning) return
    if (this.sleeping !== null) clearTimeout(this.sleeping)
    this.sleeping = null
    const leftMs = next.dueMs - monotonicNow()
    if (leftMs <= spinMs) this.spin()
    else this.sleeping = setTimeout(() => this.plan(), Math.floor(leftMs - spinMs))
  }

  private spin(): void {
    this.isSpinning = true
    setImmediate(() => {
      this.isSpinning = false
      while (this.heap.length > 0 && this.heap[0]!.dueMs <= monotonicNow()) this.pop().ring()
      this.plan()
    })
  }

  private push(waiting: Waiting): void {
    const { heap } = this
    let index = heap.push(waiting) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (heap[parent]!.dueMs <= waiting.dueMs) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = waiting
  }

  private pop(): Waiting {
    const { heap } = this
    const first = heap[0]!
    const last = heap.pop()!
    if (heap.length > 0) this.sink(last)
    return first
  }

  private sink(waiting: Waiting): void {
    const { heap } = this
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child + 1 < heap.length && heap[child + 1]!.dueMs < heap[child]!.dueMs) child++
      if (child >= heap.length || heap[child]!.dueMs >= waiting.dueMs) break
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = waiting
  }
}
