import type { Eventual } from '../state/port.ts'
import type { Store } from '../store/port.ts'

/** What the database has said of an app is asked for again when it is this old. */
const freshMs = 1_000

interface Known {
  isOpen: boolean
  atMs: number
}

/**
 * Whether apps may use the gateway (`apps.active`), whatever they ask for: read at most once a second for each, and only
 * whoever comes first waits for it. A request that finds the answer old takes it and has it read anew, so that a database
 * that hangs keeps nobody from an interrupt. While it is away, what it said last holds.
 */
export class OpenApps {
  readonly #store: Pick<Store, 'isAppActive'>
  readonly #nowMs: () => number
  /** As many as there are apps, which the configuration names. */
  readonly #known = new Map<string, Known>()
  readonly #reading = new Map<string, Promise<boolean>>()

  constructor(store: Pick<Store, 'isAppActive'>, nowMs = (): number => performance.now()) {
    this.#store = store
    this.#nowMs = nowMs
  }

  isOpen(app: string): Eventual<boolean> {
    const known = this.#known.get(app)
    if (known && this.#nowMs() - known.atMs < freshMs) return known.isOpen
    const reading = this.#reading.get(app) ?? this.#start(app, known?.isOpen ?? true)
    return known?.isOpen ?? reading
  }

  #start(app: string, before: boolean): Promise<boolean> {
    const reading = this.#read(app, before)
    this.#reading.set(app, reading)
    return reading
  }

  async #read(app: string, before: boolean): Promise<boolean> {
    const isOpen = await this.#store.isAppActive(app).catch(() => before)
    this.#known.set(app, { isOpen, atMs: this.#nowMs() })
    this.#reading.delete(app)
    return isOpen
  }
}
