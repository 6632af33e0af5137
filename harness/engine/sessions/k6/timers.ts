import type { VirtualUser } from '../users/vu.ts'
import { assertCallable } from './callable.ts'
import { assertRunning } from './core.ts'
import { GoError } from './go-error.ts'
import { lazyModule } from './port.ts'

type Callback = (...args: unknown[]) => unknown

/** A timer of a script. Its callback waits while the user is inside a blocking call, as in k6. */
class ScriptTimer {
  readonly id: number
  private readonly user: VirtualUser
  private readonly callback: Callback
  private readonly args: unknown[]
  private readonly periodMs: number | null
  private readonly owner: Map<number, ScriptTimer>
  dueMs: number
  private timer: NodeJS.Timeout
  private isQueued = false

  constructor(
    user: VirtualUser,
    owner: Map<number, ScriptTimer>,
    id: number,
    callback: Callback,
    delayMs: number,
    repeats: boolean,
    args: unknown[],
  ) {
    this.id = id
    this.user = user
    this.owner = owner
    this.callback = callback
    this.args = args
    const effectiveMs = Number.isFinite(delayMs) && delayMs > 0 ? delayMs : 0
    this.periodMs = repeats ? Math.max(1, effectiveMs) : null
    this.dueMs = user.context.now() + effectiveMs
    this.timer = setTimeout(() => this.fire(), effectiveMs)
    user.hold(this)
    owner.set(id, this)
  }

  private fire(): void {
    const remainingMs = this.dueMs - this.user.context.now()
    if (remainingMs > 0) this.timer = setTimeout(() => this.fire(), remainingMs)
    else if (this.owner.size === 1) this.queue()
    // Node may wake an earlier one later, where it had woken it too early before: the order is that of the due times.
    else for (const timer of dueUntil(this.owner, this.dueMs)) timer.queue()
  }

  private queue(): void {
    if (this.isQueued) return
    this.isQueued = true
    clearTimeout(this.timer)
    this.user.dispatch(() => this.run())
  }

  private run(): unknown {
    if (!this.owner.has(this.id)) return undefined
    this.user.reachSchedulePoint(this.dueMs)
    if (this.periodMs === null) {
      this.owner.delete(this.id)
      try {
        return this.callback(...this.args)
      } finally {
        this.user.letGo(this)
      }
    }
    this.isQueued = false
    this.dueMs += this.periodMs
    this.timer = setTimeout(() => this.fire(), Math.max(0, this.dueMs - this.user.context.now()))
    return this.callback(...this.args)
  }

  clear(): void {
    this.release()
    this.user.letGo(this)
  }

  release(): void {
    clearTimeout(this.timer)
    this.owner.delete(this.id)
  }
}

const dueUntil = (timers: Map<number, ScriptTimer>, dueMs: number): ScriptTimer[] =>
  [...timers.values()].filter((timer) => timer.dueMs <= dueMs).sort((a, b) => a.dueMs - b.dueMs)

const timersOf = new WeakMap<VirtualUser, Map<number, ScriptTimer>>()
let lastId = 0

function start(user: VirtualUser, callback: unknown, delayMs: unknown, repeats: boolean, args: unknown[]): number {
  assertRunning(user, repeats ? 'setInterval()' : 'setTimeout()')
  if (callback === undefined || callback === null)
    throw new GoError(`${repeats ? 'setInterval' : 'setTimeout'}'s callback isn't a callable function`)
  assertCallable(callback)
  if (user.isStopped) return 0
  let timers = timersOf.get(user)
  if (!timers) {
    timers = new Map()
    timersOf.set(user, timers)
  }
  return new ScriptTimer(user, timers, ++lastId, callback, Number(delayMs ?? 0), repeats, args).id
}

const clear = (user: VirtualUser, id: unknown): void => timersOf.get(user)?.get(Number(id))?.clear()

export const timerFunctions = {
  setTimeout:
    (user: VirtualUser) =>
    (callback: unknown, delayMs?: unknown, ...args: unknown[]) =>
      start(user, callback, delayMs, false, args),
  setInterval:
    (user: VirtualUser) =>
    (callback: unknown, delayMs?: unknown, ...args: unknown[]) =>
      start(user, callback, delayMs, true, args),
  clearTimeout: (user: VirtualUser) => (id: unknown) => clear(user, id),
  clearInterval: (user: VirtualUser) => (id: unknown) => clear(user, id),
}

/** Module `k6/timers`; k6 has the same four functions as globals. */
export const timersModule = lazyModule(timerFunctions)
