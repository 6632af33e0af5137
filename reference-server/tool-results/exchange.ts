import type { Bus, BusListener, Subscription } from '../bus/port.ts'
import type { GatewayConfig } from '../gateway/config.ts'
import type { Context } from '../gateway/context.ts'
import { shuttingDown } from '../gateway/problems.ts'
import { callOfChannel, type HandOver } from './hand-over.ts'
import type { ToolResult, ToolResults } from './port.ts'
import { redisHandOver } from './redis-hand-over.ts'
import { WaitingCalls } from './waiting-calls.ts'
import { workerHandOver } from './worker-hand-over.ts'

/** How a worker hears of results: what the two behaviours differ in. */
export interface Listening {
  open(): Promise<void>
  /** What is subscribed to for one call, if anything. */
  listenFor(callId: string): Promise<Subscription | undefined>
  close(): Promise<void>
}

/** What the behaviours of the port share. */
class Exchange implements ToolResults {
  readonly #calls: WaitingCalls
  readonly #handOver: HandOver
  readonly #listening: Listening
  /** Of each call, that nobody else waits for it any more: ends once the call has, and Redis was told. */
  readonly #endings = new Set<Promise<void>>()

  constructor(calls: WaitingCalls, handOver: HandOver, listening: Listening) {
    this.#calls = calls
    this.#handOver = handOver
    this.#listening = listening
  }

  get waiting(): number {
    return this.#calls.size
  }

  async open(): Promise<void> {
    await this.#handOver.open()
    await this.#listening.open()
  }

  async expect(callId: string, signal: AbortSignal): Promise<{ result: Promise<ToolResult> }> {
    signal.throwIfAborted()
    const result = this.#calls.add(callId, signal)
    // A turn may be given up before anybody looks at the result: that is no unhandled rejection.
    result.catch(() => {})
    let subscription: Subscription | undefined
    const end = (): Promise<void> => this.#end(callId, subscription)
    try {
      subscription = await this.#listening.listenFor(callId)
      await this.#handOver.announce(callId)
      signal.throwIfAborted()
    } catch (error) {
      this.#calls.giveUp(callId, error)
      this.#waitAtClose(end())
      throw error
    }
    this.#waitAtClose(result.then(end, end))
    return { result }
  }

  deliver(result: ToolResult): Promise<boolean> {
    return this.#handOver.deliver(result)
  }

  async close(): Promise<void> {
    this.#calls.giveUpAll(shuttingDown())
    await Promise.all(this.#endings)
    await this.#listening.close()
    await this.#handOver.close()
  }

  /** No turn waits for this, and none fails by it: what Redis cannot be told now, it forgets by itself. */
  async #end(callId: string, subscription: Subscription | undefined): Promise<void> {
    await Promise.allSettled([subscription?.unsubscribe(), this.#handOver.withdraw(callId)])
  }

  #waitAtClose(ending: Promise<void>): void {
    this.#endings.add(ending)
    ending.then(() => this.#endings.delete(ending))
  }
}

/** What of the worker the port is made from. */
export interface ExchangeContext extends Pick<Context, 'bus' | 'worker' | 'redis'> {
  config: Pick<GatewayConfig, 'toolTimeoutMs'>
}

/** Makes the port from a way of listening; `onResult` is the listener that results are to reach. */
export const exchange = (
  { bus, worker, redis, config }: ExchangeContext,
  makeListening: (bus: Bus, onResult: BusListener) => Listening,
): ToolResults => {
  const calls = new WaitingCalls()
  const onResult: BusListener = (channel, content) => calls.resolve({ callId: callOfChannel(channel), content })
  const handOver = redis ? redisHandOver(redis, bus, calls, config.toolTimeoutMs) : workerHandOver(bus, worker, calls)
  return new Exchange(calls, handOver, makeListening(bus, onResult))
}
