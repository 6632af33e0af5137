import type { LogPlace } from './location.ts'
import { NotedSessions } from './noted.ts'
import type { SessionLog } from './port.ts'
import { writeInBackground } from './whole-file.ts'

const atMostEveryMs = 500

/** Gathers what changes for half a second, then writes it off the event loop. One write is under way at a time. */
export class ThrottledSessionLog extends NotedSessions {
  readonly #write: typeof writeInBackground
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> | undefined
  #changed = false
  #closed = false

  constructor(place: LogPlace, write = writeInBackground) {
    super(place)
    this.#write = write
  }

  override async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#writing
    if (this.#changed) await this.#writeNow()
    await super.close()
  }

  /** While a write is under way it is the one to schedule the next: its end is when the half second begins. */
  protected override onChange(): void {
    this.#changed = true
    if (this.#closed || this.#timer || this.#writing) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#writing = this.#writeNow().finally(() => {
        this.#writing = undefined
        if (this.#changed) this.onChange()
      })
    }, atMostEveryMs)
  }

  /** What could not be written counts as changed, so that the next half second tries again. */
  async #writeNow(): Promise<void> {
    this.#changed = false
    try {
      await this.#write(...this.fileAndEntries)
      this.written()
    } catch (error) {
      this.#changed = true
      this.outage.failed(error)
    }
  }
}

export const throttledSessionLog = (place: LogPlace): SessionLog => new ThrottledSessionLog(place)
