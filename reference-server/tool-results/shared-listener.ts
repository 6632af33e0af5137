import type { Bus, BusListener, Subscription } from '../bus/port.ts'
import { type ExchangeContext, exchange, type Listening } from './exchange.ts'
import { resultPrefix } from './hand-over.ts'
import type { ToolResults } from './port.ts'

/** One subscription for all results, whoever waits: a result that is meant for another worker costs a look into a map. */
class SharedListening implements Listening {
  readonly #bus: Bus
  readonly #onResult: BusListener
  #subscription: Subscription | undefined

  constructor(bus: Bus, onResult: BusListener) {
    this.#bus = bus
    this.#onResult = onResult
  }

  async open(): Promise<void> {
    this.#subscription = await this.#bus.subscribePrefix(resultPrefix, this.#onResult)
  }

  async listenFor(): Promise<undefined> {}

  async close(): Promise<void> {
    await this.#subscription?.unsubscribe()
  }
}

export const sharedListenerToolResults = (context: ExchangeContext): ToolResults =>
  exchange(context, (bus, onResult) => new SharedListening(bus, onResult))
