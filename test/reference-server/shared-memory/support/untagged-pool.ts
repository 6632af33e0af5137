const none = -1

interface TopSlot {
  top: number
  below: number
}

/** The stack of free slots as it must not be: its top is a bare index. Of one thread, which plays several in turn. */
export class UntaggedPool {
  readonly #links: Int32Array
  readonly #head = new Int32Array(new SharedArrayBuffer(4))

  constructor(capacity: number) {
    this.#links = Int32Array.from({ length: capacity }, (_, slot) => (slot + 1 < capacity ? slot + 1 : none))
  }

  observe(): TopSlot | undefined {
    const top = Atomics.load(this.#head, 0)
    return top === none ? undefined : { top, below: this.#links[top]! }
  }

  tryTake({ top, below }: TopSlot): boolean {
    return Atomics.compareExchange(this.#head, 0, top, below) === top
  }

  allocate(): number | undefined {
    const seen = this.observe()
    return seen && this.tryTake(seen) ? seen.top : undefined
  }

  free(slot: number): void {
    const top = Atomics.load(this.#head, 0)
    this.#links[slot] = top
    Atomics.compareExchange(this.#head, 0, top, slot)
  }
}
