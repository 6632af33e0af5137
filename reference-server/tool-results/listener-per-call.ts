import type { Bus, BusListener, Subscription } from '../bus/port.ts'
import { type ExchangeContext, exchange, type Listening } from './exchange.ts'
import { resultChannel } from './hand-over.ts'
import type { ToolResults } from './port.ts'

/** A subscription for each call that is waited for: as many as there are such calls, each made and given up. */
class ListeningPerCall implements Listening {
  readonly #bus: Bus
  readonly #onResult: BusListener

  constructor(bus: Bus, onResult: BusListener) {
    this.#bus = bus
    this.#onResult = onResult
  }

  async open(): Promise<void> {}

  listenFor(callId: string): Promise<Subscription> {
    return this.#bus.subscribe(resultChannel(callId), this.#onResult)
  }

  async close(): Promise<void> {}
}

export const listenerPerCallToolResults = (context: ExchangeContext): ToolResults =>
  exchange(context, (bus, onResult) => new ListeningPerCall(bus, onResult))
