import { Outage } from '../outage.ts'
import { type LogLocation, type LogPlace, prepareLocation } from './location.ts'
import type { LogEntry, SessionLog } from './port.ts'
import { writeInBackground } from './whole-file.ts'

const atMostEveryMs = 500

/** Gathers what changes for half a second, then writes it off the event loop. One write is under way at a time. */
export class ThrottledSessionLog implements SessionLog {
  readonly #place: LogPlace
  readonly #write: typeof writeInBackground
  readonly #outage = new Outage('the session log cannot be written')
  readonly #entries = new Map<string, LogEntry>()
  #location: LogLocation | undefined
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> | undefined
  #changed = false
  #closed = false
  #writes = 0

  constructor(place: LogPlace, write = writeInBackground) {
    this.#place = place
    this.#write = write
  }

  get writes(): number {
    return this.#writes
  }

  async open(): Promise<void> {
    this.#location = await prepareLocation(this.#place)
  }

  note(entry: LogEntry): void {
    this.#entries.set(entry.session, entry)
    this.#schedule()
  }

  forget(session: string): void {
    if (this.#entries.delete(session)) this.#schedule()
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#writing
    if (this.#changed) await this.#writeNow()
    await this.#location?.dispose()
  }

  /** While a write is under way it is the one to schedule the next: its end is when the half second begins. */
  #schedule(): void {
    this.#changed = true
    if (this.#closed || this.#timer || this.#writing) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#writing = this.#writeNow().finally(() => {
        this.#writing = undefined
        if (this.#changed) this.#schedule()
      })
    }, atMostEveryMs)
  }

  /** What could not be written counts as changed, so that the next half second tries again. */
  async #writeNow(): Promise<void> {
    this.#changed = false
    try {
      await this.#write(this.#location!.file, [...this.#entries.values()])
      this.#writes += 1
      this.#outage.worked()
    } catch (error) {
      this.#changed = true
      this.#outage.failed(error)
    }
  }
}

export const throttledSessionLog = (place: LogPlace): SessionLog => new ThrottledSessionLog(place)
