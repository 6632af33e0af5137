type Step = () => unknown

/**
 * Runs what a session hears one after the other: while a handler of the script waits (it sleeps, or makes a request),
 * the next one stays behind it, as in k6, where the handler holds the virtual machine.
 */
export class HandlerQueue {
  private readonly onError: (error: unknown) => void
  private readonly onActive: (change: 1 | -1) => void
  /** Told when what waited is through. */
  onIdle: (() => void) | null = null
  private waiting: Step[] | null = null
  /** Steps that are being called, or that wait; more than one where a handler caused another to be called in its midst. */
  private active = 0
  private isOver = false

  /** @param onActive is told of each step that begins (1) and ends (-1) */
  constructor(onError: (error: unknown) => void, onActive: (change: 1 | -1) => void = () => {}) {
    this.onError = onError
    this.onActive = onActive
  }

  /** A step waits for something. */
  get isBusy(): boolean {
    return this.active > 0
  }

  push(step: Step): void {
    if (this.isOver) return
    if (this.active > 0) {
      this.waiting ??= []
      this.waiting.push(step)
      return
    }
    this.runNow(step)
    this.drain()
  }

  /** Runs a step in the midst of another: what comes next waits for both. */
  runNow(step: Step): void {
    this.count(1)
    try {
      const result = step()
      if (result instanceof Promise) this.follow(result)
      else this.count(-1)
    } catch (error) {
      this.fail(error)
    }
  }

  private follow(result: Promise<unknown>): void {
    result.then(
      () => {
        this.count(-1)
        this.drain()
        if (!this.isBusy && !this.isOver) this.onIdle?.()
      },
      (error) => this.fail(error),
    )
  }

  private drain(): void {
    while (this.active === 0 && !this.isOver && this.waiting !== null) {
      const next = this.waiting.shift()
      if (next === undefined) this.waiting = null
      else this.runNow(next)
    }
  }

  private count(change: 1 | -1): void {
    this.active += change
    this.onActive(change)
  }

  private fail(error: unknown): void {
    this.count(-1)
    if (this.isOver) return
    this.end()
    this.onError(error)
  }

  /** Nothing runs any more, waiting or new. */
  end(): void {
    this.isOver = true
    this.waiting = null
  }
}

/** Calls all handlers in turn, each after the one before is through. @returns a promise where one of them waits */
export function callInTurn(handlers: readonly ((...args: unknown[]) => unknown)[], args: readonly unknown[]): unknown {
  for (const [index, handler] of handlers.entries()) {
    const result = handler(...args)
    if (result instanceof Promise) return result.then(() => callInTurn(handlers.slice(index + 1), args))
  }
  return undefined
}
