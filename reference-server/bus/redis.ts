import type { Redis } from 'ioredis'
import { ListenerTable } from './listener-table.ts'
import type { Bus, BusListener, Subscription } from './port.ts'
import type { RedisConnection } from './redis-connection.ts'

/** The pattern of what begins with `prefix`, in which the characters that patterns give a meaning to stand for themselves. */
const patternOf = (prefix: string): string => `${prefix.replace(/[\\*?[\]]/g, '\\$&')}*`

const prefixOf = (pattern: string): string => pattern.slice(0, -1).replace(/\\(.)/gs, '$1')

/** How one kind of topic is subscribed to. */
interface Kind {
  table: ListenerTable
  subscribe: (client: Redis, topics: string[]) => Promise<unknown>
  unsubscribe: (client: Redis, topic: string) => Promise<unknown>
}

/**
 * Through Redis: one connection that publishes, which is the one for all other commands, and one that listens. A
 * channel or a prefix is one subscription there, however many listeners it has here.
 */
class RedisBus implements Bus {
  readonly #commands: RedisConnection
  readonly #subscriptions: RedisConnection
  readonly #channels: Kind = {
    table: new ListenerTable(),
    subscribe: (client, channels) => client.subscribe(...channels),
    unsubscribe: (client, channel) => client.unsubscribe(channel),
  }
  readonly #prefixes: Kind = {
    table: new ListenerTable(),
    subscribe: (client, prefixes) => client.psubscribe(...prefixes.map(patternOf)),
    unsubscribe: (client, prefix) => client.punsubscribe(patternOf(prefix)),
  }

  constructor(commands: RedisConnection) {
    this.#commands = commands
    this.#subscriptions = commands.another('subscriptions', () => this.#subscribeAgain())
    const { client } = this.#subscriptions
    client.on('message', (channel: string, message: string) => this.#channels.table.tell(channel, channel, message))
    client.on('pmessage', (pattern: string, channel: string, message: string) =>
      this.#prefixes.table.tell(prefixOf(pattern), channel, message),
    )
  }

  get listeners(): number {
    return this.#channels.table.size + this.#prefixes.table.size
  }

  async open(): Promise<void> {
    await this.#commands.open()
    await this.#subscriptions.open().catch(async (error) => {
      await this.#commands.close()
      throw error
    })
  }

  async publish(channel: string, message: string): Promise<void> {
    await this.#commands.ask((client) => client.publish(channel, message))
  }

  subscribe(channel: string, listener: BusListener): Promise<Subscription> {
    return this.#listen(this.#channels, channel, listener)
  }

  subscribePrefix(prefix: string, listener: BusListener): Promise<Subscription> {
    return this.#listen(this.#prefixes, prefix, listener)
  }

  onRecovered(listener: () => void): void {
    this.#commands.outage.onEnded(listener)
  }

  async check(): Promise<void> {
    await Promise.all([this.#commands.check(), this.#subscriptions.check()])
  }

  async close(): Promise<void> {
    await this.#subscriptions.close()
    await this.#commands.close()
  }

  /** A topic that has a listener is subscribed to again: Redis does not mind, and answers when it holds. */
  async #listen(kind: Kind, topic: string, listener: BusListener): Promise<Subscription> {
    const remove = kind.table.add(topic, listener)
    const unsubscribe = async (): Promise<void> => {
      if (!remove() || kind.table.has(topic)) return
      // A connection that is lost has no subscriptions; those that a new one gets are the table's.
      await this.#subscriptions.ask((client) => kind.unsubscribe(client, topic)).catch(() => {})
    }
    try {
      await this.#subscriptions.ask((client) => kind.subscribe(client, [topic]))
      return { unsubscribe }
    } catch (error) {
      await unsubscribe()
      throw error
    }
  }

  async #subscribeAgain(): Promise<void> {
    for (const { table, subscribe } of [this.#channels, this.#prefixes]) {
      const { topics } = table
      if (topics.length > 0) await this.#subscriptions.ask((client) => subscribe(client, topics))
    }
  }
}

export const redisBus = (commands: RedisConnection): Bus => new RedisBus(commands)
