import { extname } from 'node:path'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { ThreadCalls } from '../thread-calls.ts'
import type { StateKind } from './kind.ts'
import type { OwnerCalls } from './owner.ts'
import { type AddedSession, type CompletedTurn, nothingHeld, type SessionState, type SessionStates } from './port.ts'

/** A thread that owns the sessions, and who may hand it a port. */
export interface OwnerThread {
  serve(port: MessagePort): void
  end(): Promise<void>
}

export const startOwnerThread = (): OwnerThread => {
  const file = new URL(`./owner-thread${extname(import.meta.url)}`, import.meta.url)
  const thread = new Worker(file)
  return {
    serve: (port) => thread.postMessage(port, [port]),
    end: async () => void (await thread.terminate()),
  }
}

/**
 * Nobody but their owner touches the sessions: every read and every write is a message to another thread and one back,
 * with a copy of the state each.
 */
class ChannelStates implements SessionStates {
  readonly #connect: () => { port: MessagePort; end: () => Promise<void> }
  #calls: ThreadCalls<OwnerCalls> | undefined
  #end: (() => Promise<void>) | undefined
  /** As the owner said it last; a gauge is read without waiting. */
  #size = 0
  readonly locksTaken = 0
  readonly registryLocksTaken = 0

  constructor(connect: () => { port: MessagePort; end: () => Promise<void> }) {
    this.#connect = connect
  }

  get messagesSent(): number {
    return this.#calls?.sent ?? 0
  }

  get size(): number {
    return this.#size
  }

  async open(): Promise<void> {
    const { port, end } = this.#connect()
    this.#calls = new ThreadCalls<OwnerCalls>(port)
    this.#end = end
  }

  get(key: string): Promise<SessionState | undefined> {
    return this.#owner.call('get', key)
  }

  async add(state: SessionState): Promise<AddedSession> {
    const outcome = await this.#owner.call('add', state)
    if (outcome.added) this.#size += 1
    return outcome
  }

  completeTurn(key: string, turn: CompletedTurn): Promise<SessionState | undefined> {
    return this.#owner.call('completeTurn', key, turn)
  }

  async remove(key: string): Promise<boolean> {
    const wasThere = await this.#owner.call('remove', key)
    if (wasThere) this.#size -= 1
    return wasThere
  }

  /** The owner has room for all sessions. */
  departures(): number {
    return 0
  }

  beginTurn(): () => void {
    return nothingHeld
  }

  async close(): Promise<void> {
    this.#calls?.close()
    await this.#end?.()
  }

  get #owner(): ThreadCalls<OwnerCalls> {
    if (!this.#calls) throw new Error('the sessions were asked for before they were opened')
    return this.#calls
  }
}

/** An owner for these states alone. */
const ownOwner = () => {
  const thread = startOwnerThread()
  const { port1, port2 } = new MessageChannel()
  thread.serve(port1)
  return { port: port2, end: thread.end }
}

export const channelKind: StateKind = {
  // The owner is one thread, whose map nobody can be in at the same time: how it is guarded makes no difference.
  local: () => new ChannelStates(ownOwner),
  across: 'owner',
  ownedBy: (port) => new ChannelStates(() => ({ port, end: async () => {} })),
}
