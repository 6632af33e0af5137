import { GoError } from './go-error.ts'

export const socketEvents = ['open', 'message', 'error', 'close', 'ping', 'pong'] as const
export type SocketEventType = (typeof socketEvents)[number]

export interface SocketEvent {
  type: SocketEventType
  target: unknown
  timestamp: number
  data?: unknown
  origin?: string
  error?: string
  code?: number
  reason?: string
}

export type SocketListener = (event: SocketEvent) => unknown

/** The listeners of one socket; most have a few of the `on...` kind, so that nothing is kept for the others. */
export class SocketListeners {
  #own: Map<SocketEventType, SocketListener> | null = null
  #added: Map<SocketEventType, SocketListener[]> | null = null

  /** What `socket.onopen = ...` set; null unsets it. @throws GoError for what cannot be called, as k6 does */
  set(type: SocketEventType, listener: unknown): void {
    if (listener === null || listener === undefined) {
      this.#own?.delete(type)
      return
    }
    if (typeof listener !== 'function') throw new GoError(`a value for 'on${type}' should be callable`)
    this.#own ??= new Map()
    this.#own.set(type, listener as SocketListener)
  }

  get(type: SocketEventType): SocketListener | null {
    return this.#own?.get(type) ?? null
  }

  add(type: SocketEventType, listener: SocketListener): void {
    this.#added ??= new Map()
    const list = this.#added.get(type)
    if (list) list.push(listener)
    else this.#added.set(type, [listener])
  }

  of(type: SocketEventType): readonly SocketListener[] {
    const own = this.#own?.get(type)
    const added = this.#added?.get(type)
    if (added === undefined) return own === undefined ? none : [own]
    return own === undefined ? added : [own, ...added]
  }
}

const none: readonly SocketListener[] = []
