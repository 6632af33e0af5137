import { BroadcastChannel } from 'node:worker_threads'
import type { WorkerIdentity } from '../gateway/context.ts'
import { busy } from '../gateway/problems.ts'
import { ListenerTable } from './listener-table.ts'
import type { Bus, BusListener, Subscription } from './port.ts'

interface Envelope {
  channel: string
  message: string
}

/** Within one process: a worker that is alone calls its listeners itself; several share a BroadcastChannel. */
class InProcessBus implements Bus {
  readonly #name: string
  readonly #alone: boolean
  readonly #channels = new ListenerTable()
  readonly #prefixes = new ListenerTable()
  #others: BroadcastChannel | undefined
  #closed = false

  constructor(worker: WorkerIdentity, name: string) {
    this.#name = name
    this.#alone = worker.count === 1
  }

  get listeners(): number {
    return this.#channels.size + this.#prefixes.size
  }

  async open(): Promise<void> {
    if (this.#alone) return
    this.#others = new BroadcastChannel(this.#name)
    this.#others.onmessage = ({ data }: { data: Envelope }) => this.#tell(data)
    // A worker whose work is done ends, whoever may still have something to say to it.
    this.#others.unref()
  }

  async publish(channel: string, message: string): Promise<void> {
    this.#refuseWhenClosed()
    const envelope = { channel, message }
    // A BroadcastChannel never comes back to its sender.
    this.#others?.postMessage(envelope)
    queueMicrotask(() => this.#tell(envelope))
  }

  async subscribe(channel: string, listener: BusListener): Promise<Subscription> {
    return this.#listen(this.#channels, channel, listener)
  }

  async subscribePrefix(prefix: string, listener: BusListener): Promise<Subscription> {
    return this.#listen(this.#prefixes, prefix, listener)
  }

  /** Within a process nothing is ever lost. */
  onRecovered(): void {}

  async check(): Promise<void> {
    this.#refuseWhenClosed()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#others?.close()
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw busy('the gateway is shutting down')
  }

  #listen(table: ListenerTable, topic: string, listener: BusListener): Subscription {
    this.#refuseWhenClosed()
    const remove = table.add(topic, listener)
    return {
      unsubscribe: async () => {
        remove()
      },
    }
  }

  #tell({ channel, message }: Envelope): void {
    this.#channels.tell(channel, channel, message)
    for (const prefix of this.#prefixes.topics) {
      if (channel.startsWith(prefix)) this.#prefixes.tell(prefix, channel, message)
    }
  }
}

/** @param name what the workers of one gateway have in common; another one hears nothing of them */
export const inProcessBus = (worker: WorkerIdentity, name = 'gateway'): Bus => new InProcessBus(worker, name)
