import { Outage } from '../outage.ts'
import { type LogLocation, type LogPlace, prepareLocation } from './location.ts'
import type { LogEntry, SessionLog } from './port.ts'

/** What is noted of the sessions. When it is written is what differs. */
export abstract class NotedSessions implements SessionLog {
  readonly #place: LogPlace
  readonly #entries = new Map<string, LogEntry>()
  #location: LogLocation | undefined
  protected readonly outage = new Outage('the session log cannot be written')
  writes = 0

  constructor(place: LogPlace) {
    this.#place = place
  }

  async open(): Promise<void> {
    this.#location = await prepareLocation(this.#place)
  }

  note(entry: LogEntry): void {
    this.#entries.set(entry.session, entry)
    this.onChange()
  }

  forget(session: string): void {
    if (this.#entries.delete(session)) this.onChange()
  }

  async close(): Promise<void> {
    await this.#location?.dispose()
  }

  /** The file no longer tells what is noted. */
  protected abstract onChange(): void

  /** What a write is called with. */
  protected get fileAndEntries(): [file: string, entries: LogEntry[]] {
    return [this.#location!.file, [...this.#entries.values()]]
  }

  protected written(): void {
    this.writes += 1
    this.outage.worked()
  }
}
