/**
 * Deadlines of requests in flight. Nearly all share one timeout, so a list per timeout in order of arrival is already
 * sorted: adding and removing is O(1) and no timer is made per request. One coarse tick looks at the heads, so a
 * timeout fires up to `tickMs` late.
 */
export abstract class Timed {
  expiresMs = 0
  previous: Timed | null = null
  next: Timed | null = null
  list: DeadlineList | null = null
  abstract expire(): void
}

interface DeadlineList {
  head: Timed | null
  tail: Timed | null
}

export const tickMs = 10

export class Deadlines {
  private readonly lists = new Map<number, DeadlineList>()
  private readonly now: () => number
  private interval: NodeJS.Timeout | null = null

  constructor(now: () => number) {
    this.now = now
  }

  add(timed: Timed, timeoutMs: number, nowMs: number): void {
    let list = this.lists.get(timeoutMs)
    if (!list) {
      list = { head: null, tail: null }
      this.lists.set(timeoutMs, list)
    }
    timed.expiresMs = nowMs + timeoutMs
    timed.list = list
    timed.previous = list.tail
    timed.next = null
    if (list.tail) list.tail.next = timed
    else list.head = timed
    list.tail = timed
    if (this.interval === null) this.interval = setInterval(() => this.tick(), tickMs).unref()
  }

  remove(timed: Timed): void {
    const { list, previous, next } = timed
    if (list === null) return
    if (previous) previous.next = next
    else list.head = next
    if (next) next.previous = previous
    else list.tail = previous
    timed.list = null
    timed.previous = null
    timed.next = null
  }

  private tick(): void {
    const nowMs = this.now()
    let isIdle = true
    for (const [timeoutMs, list] of this.lists) {
      while (list.head !== null && list.head.expiresMs <= nowMs) {
        const timed = list.head
        this.remove(timed)
        timed.expire()
      }
      if (list.head !== null) isIdle = false
      else if (this.lists.size > 64) this.lists.delete(timeoutMs)
    }
    if (isIdle) this.stop()
  }

  stop(): void {
    if (this.interval !== null) clearInterval(this.interval)
    this.interval = null
  }
}
