/** Something that must have come to its end by a time, again and again: a connection and the request on it. */
export abstract class Timed {
  /** Infinity while nothing is waited for. */
  expiresMs = Number.POSITIVE_INFINITY
  /** When the wheel comes by: not after `expiresMs`, unless it was disarmed since. */
  looksMs = 0
  slot = -1
  previous: Timed | null = null
  next: Timed | null = null
  abstract expire(): void
}

const tickMs = 10
const slots = 1024
/** The last slot may be the one that is being looked at. */
const spanMs = (slots - 2) * tickMs

/**
 * Deadlines of requests in flight, in a wheel of slots of 10 ms that goes round in 10 s; a timeout fires up to a tick
 * late. No timer is made per request, and the next request of a connection mostly costs one comparison: the connection
 * stays in its slot, and where it will expire is looked up when the wheel comes by.
 */
export class Deadlines {
  private readonly heads: (Timed | null)[] = Array.from({ length: slots }, () => null)
  private readonly now: () => number
  private interval: NodeJS.Timeout | null = null
  /** The tick that was looked at last. */
  private lastTick = 0
  private linked = 0

  constructor(now: () => number) {
    this.now = now
  }

  arm(timed: Timed, expiresMs: number): void {
    timed.expiresMs = expiresMs
    if (timed.slot >= 0) {
      if (timed.looksMs <= expiresMs) return
      this.unlink(timed)
    }
    this.link(timed, this.now())
  }

  disarm(timed: Timed): void {
    timed.expiresMs = Number.POSITIVE_INFINITY
  }

  /** It is gone: nothing may keep it. */
  remove(timed: Timed): void {
    timed.expiresMs = Number.POSITIVE_INFINITY
    if (timed.slot >= 0) this.unlink(timed)
  }

  private link(timed: Timed, nowMs: number): void {
    if (this.interval === null) this.start(nowMs)
    const wantedTick = Math.ceil(Math.min(timed.expiresMs, nowMs + spanMs) / tickMs)
    const tick = Math.max(wantedTick, this.lastTick + 1)
    const slot = tick % slots
    const head = this.heads[slot]!
    timed.slot = slot
    timed.looksMs = tick * tickMs - tickMs
    timed.previous = null
    timed.next = head
    if (head !== null) head.previous = timed
    this.heads[slot] = timed
    this.linked++
  }

  private unlink(timed: Timed): void {
    const { previous, next, slot } = timed
    if (previous !== null) previous.next = next
    else this.heads[slot] = next
    if (next !== null) next.previous = previous
    timed.slot = -1
    timed.previous = null
    timed.next = null
    this.linked--
  }

  private start(nowMs: number): void {
    this.lastTick = Math.floor(nowMs / tickMs)
    this.interval = setInterval(() => this.turn(), tickMs).unref()
  }

  private turn(): void {
    const nowMs = this.now()
    const tick = Math.floor(nowMs / tickMs)
    // After a long pause every slot is looked at once.
    const first = Math.max(this.lastTick + 1, tick - slots + 1)
    this.lastTick = tick
    for (let each = first; each <= tick; each++) this.lookAt(each % slots, nowMs)
    if (this.linked === 0) this.stop()
  }

  private lookAt(slot: number, nowMs: number): void {
    const due: Timed[] = []
    for (let timed = this.heads[slot]!; timed !== null; timed = timed.next!) due.push(timed)
    for (const timed of due) {
      // An expiry before may have removed it.
      if (timed.slot !== slot) continue
      this.unlink(timed)
      if (timed.expiresMs <= nowMs) timed.expire()
      else if (timed.expiresMs < Number.POSITIVE_INFINITY) this.link(timed, nowMs)
    }
  }

  stop(): void {
    if (this.interval !== null) clearInterval(this.interval)
    this.interval = null
  }
}
