/** What a listener is told: the channel that was published on, and the message. */
export type BusListener = (channel: string, message: string) => void

/** A subscription that can be given up. */
export interface Subscription {
  /** From now on the listener hears nothing. Doing it twice does nothing. */
  unsubscribe(): Promise<void>
}

/**
 * Messages between the workers of a gateway: within the process, or through Redis, which reaches those of other
 * processes too. A message reaches every subscriber, the publisher's own ones included, and is not kept for later ones.
 * Listeners are called after `publish` has returned, never from inside it; those of one worker hear the messages of
 * another in the order in which they were published.
 */
export interface Bus {
  /**
   * Connects.
   * @throws StartError naming the address when that fails
   */
  open(): Promise<void>
  /** @throws Problem 503 while the bus cannot be reached */
  publish(channel: string, message: string): Promise<void>
  /**
   * One channel; resolves when messages from now on arrive.
   * @throws Problem 503 while the bus cannot be reached
   */
  subscribe(channel: string, listener: BusListener): Promise<Subscription>
  /**
   * All channels that begin with `prefix`.
   * @throws Problem 503 while the bus cannot be reached
   */
  subscribePrefix(prefix: string, listener: BusListener): Promise<Subscription>
  /**
   * Calls back each time that subscriptions work again after they did not. What was published in between is lost, so
   * whoever cannot do without it has to look elsewhere.
   */
  onRecovered(listener: () => void): void
  /** Resolves when the bus can be reached. */
  check(): Promise<void>
  /** Listeners of this worker at the moment. */
  readonly listeners: number
  close(): Promise<void>
}
