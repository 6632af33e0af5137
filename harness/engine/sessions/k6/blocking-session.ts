import type { VirtualUser } from '../users/vu.ts'
import { callInTurn, HandlerQueue } from './handler-queue.ts'

export type Handler = (...args: unknown[]) => unknown

/** How a blocking call ends. */
export interface Settle<Response> {
  resolve(response: Response): void
  reject(error: unknown): void
}

/**
 * A session that blocks its user from the call that opens it to its end (`ws.connect`, `sse.open`): all that the user
 * does in between is what the session's handlers do, one after the other.
 */
export abstract class BlockingSession<Response> {
  protected readonly user: VirtualUser
  protected readonly queue: HandlerQueue
  /** Closed by either side: what is still heard is not told any more. */
  protected isClosed = false
  private readonly settle: Settle<Response>
  private readonly handlers = new Map<string, Handler[]>()
  private isOver = false
  protected isOpen = false

  /** @param what `ws.connect()` */
  constructor(user: VirtualUser, settle: Settle<Response>, what: string) {
    user.enterBlockingCall(what)
    this.user = user
    this.settle = settle
    this.queue = new HandlerQueue(
      (error) => this.breakOff(error),
      (change) => {
        user.handlersInside += change
      },
    )
    user.hold(this)
  }

  /** Ends the connection, so that the other side notices; the script has a say no more. */
  protected abstract closeConnection(): void
  /** Drops it at once. */
  protected abstract destroyConnection(): void
  /** Takes what the session measured down; called once, at the end. */
  protected abstract record(): void
  /** What handlers of `close` are told where the session ends by an exception. */
  protected readonly closeArguments: readonly unknown[] = []

  on(event: string, handler: unknown): void {
    if (typeof handler !== 'function') return
    const list = this.handlers.get(event)
    if (list) list.push(handler as Handler)
    else this.handlers.set(event, [handler as Handler])
  }

  /** Calls the handlers of an event. @returns a promise where one of them waits */
  protected emit(event: string, ...args: unknown[]): unknown {
    const handlers = this.handlers.get(event)
    return handlers && callInTurn(handlers, args)
  }

  /** The session is there: runs the script's set-up, and then the handlers of `open`. */
  protected open(setUp: () => unknown): void {
    this.isOpen = true
    this.user.context.counts.socketsOpen++
    this.queue.push(() => callInTurn([setUp, () => this.emit('open')], []))
  }

  /** Something came from the other side; it takes its turn. */
  protected hear(step: () => unknown): void {
    this.queue.push(() => (this.isClosed ? undefined : step()))
  }

  /** Ends it behind what runs now. */
  protected endWith(response: () => Response): void {
    this.queue.push(() => this.finish(() => this.settle.resolve(response())))
  }

  /** No session came about. */
  protected endUnopened(response: Response | null, error: unknown): void {
    this.finish(() => (response === null ? this.settle.reject(error) : this.settle.resolve(response)))
  }

  /** A handler threw: the session ends, and the exception goes on behind the call that opened it. */
  private breakOff(error: unknown): void {
    const wasClosed = this.isClosed
    this.isClosed = true
    if (!wasClosed) this.closeConnection()
    this.user.handlersInside++
    const finish = (): void => {
      this.user.handlersInside--
      this.finish(() => this.settle.reject(error))
    }
    const closing = new Promise((resolve) =>
      resolve(wasClosed ? undefined : this.emit('close', ...this.closeArguments)),
    )
    closing.then(finish, finish)
  }

  private finish(settle: () => void): void {
    if (this.isOver) return
    this.leave()
    this.record()
    settle()
    this.user.letGo(this)
  }

  /** Dropped with its user: nothing is said to either side. */
  release(): void {
    if (this.isOver) return
    this.leave()
    this.destroyConnection()
  }

  private leave(): void {
    this.isOver = true
    this.queue.end()
    if (this.isOpen) this.user.context.counts.socketsOpen--
    this.user.leaveBlockingCall()
  }
}
