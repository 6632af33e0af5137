/** What a listener is told: the channel that was published on, and the message. */
export type BusListener = (channel: string, message: string) => void

/** A subscription that can be given up. */
export interface Subscription {
  unsubscribe(): Promise<void>
}

/**
 * Messages between the workers of a gateway: within the process, or through Redis, which reaches those of other
 * processes too. A message reaches every subscriber, the publisher's own ones included, and is not kept for later ones.
 */
export interface Bus {
  /**
   * Connects.
   * @throws StartError naming the address when that fails
   */
  open(): Promise<void>
  /** @throws Problem 503 while the bus cannot be reached */
  publish(channel: string, message: string): Promise<void>
  /** One channel; resolves when messages from now on arrive. */
  subscribe(channel: string, listener: BusListener): Promise<Subscription>
  /** All channels that begin with `prefix`. */
  subscribePrefix(prefix: string, listener: BusListener): Promise<Subscription>
  /** Resolves when the bus can be reached. */
  check(): Promise<void>
  /** Listeners of this worker at the moment. */
  readonly listeners: number
  close(): Promise<void>
}
