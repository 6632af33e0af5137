import { Outage } from '../outage.ts'
import { type LogLocation, type LogPlace, prepareLocation } from './location.ts'
import type { LogEntry, SessionLog } from './port.ts'
import { writeAtOnce } from './whole-file.ts'

/** Writes the whole file, and waits for the disk, whenever anything changes. */
export class SyncSessionLog implements SessionLog {
  readonly #place: LogPlace
  readonly #write: typeof writeAtOnce
  readonly #outage = new Outage('the session log cannot be written')
  readonly #entries = new Map<string, LogEntry>()
  #location: LogLocation | undefined
  #writes = 0

  constructor(place: LogPlace, write = writeAtOnce) {
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
    this.#writeNow()
  }

  forget(session: string): void {
    if (this.#entries.delete(session)) this.#writeNow()
  }

  async close(): Promise<void> {
    await this.#location?.dispose()
  }

  #writeNow(): void {
    try {
      this.#write(this.#location!.file, [...this.#entries.values()])
      this.#writes += 1
      this.#outage.worked()
    } catch (error) {
      this.#outage.failed(error)
    }
  }
}

export const syncSessionLog = (place: LogPlace): SessionLog => new SyncSessionLog(place)
