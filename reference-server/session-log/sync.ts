import type { LogPlace } from './location.ts'
import { NotedSessions } from './noted.ts'
import type { SessionLog } from './port.ts'
import { writeAtOnce } from './whole-file.ts'

/** Writes the whole file, and waits for the disk, whenever anything changes. */
export class SyncSessionLog extends NotedSessions {
  readonly #write: typeof writeAtOnce

  constructor(place: LogPlace, write = writeAtOnce) {
    super(place)
    this.#write = write
  }

  protected override onChange(): void {
    try {
      this.#write(...this.fileAndEntries)
      this.written()
    } catch (error) {
      this.outage.failed(error)
    }
  }
}

export const syncSessionLog = (place: LogPlace): SessionLog => new SyncSessionLog(place)
