import type { Interruptible, Interrupts } from './port.ts'
import { WatchedTurns } from './watched-turns.ts'

interface FlaggedTurn extends Interruptible {
  isFlagged: boolean
}

/** An interrupt raises a flag, at which each turn looks at a fixed interval, as a thread would that has to poll. */
class PollingInterrupts implements Interrupts {
  readonly #intervalMs: number
  looks = 0
  readonly #turns = new WatchedTurns<FlaggedTurn>()

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs
  }

  get watched(): number {
    return this.#turns.size
  }

  watch(turn: Interruptible): () => void {
    const flagged: FlaggedTurn = { ...turn, isFlagged: false }
    this.#turns.add(flagged)
    const timer = setInterval(() => {
      this.looks += 1
      if (!flagged.isFlagged) return
      clearInterval(timer)
      flagged.interrupt()
    }, this.#intervalMs)
    return () => {
      clearInterval(timer)
      this.#turns.remove(flagged)
    }
  }

  isRunning(session: string): boolean {
    return this.#turns.has(session)
  }

  request(session: string, turn: number | undefined): number {
    const found = this.#turns.of(session, turn)
    for (const each of found) each.isFlagged = true
    return found.length
  }
}

/** The interval before the published change. */
export const interruptsPolledEvery300Ms = (): Interrupts => new PollingInterrupts(300)

/** And the one after it. */
export const interruptsPolledEvery50Ms = (): Interrupts => new PollingInterrupts(50)
