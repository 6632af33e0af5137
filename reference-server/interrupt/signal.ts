import type { Interruptible, Interrupts } from './port.ts'
import { WatchedTurns } from './watched-turns.ts'

/** An interrupt reaches its turn, and through the abort signal the upstream call, at once. */
class SignalInterrupts implements Interrupts {
  readonly looks = 0
  readonly #turns = new WatchedTurns<Interruptible>()

  get watched(): number {
    return this.#turns.size
  }

  watch(turn: Interruptible): () => void {
    this.#turns.add(turn)
    return () => this.#turns.remove(turn)
  }

  isRunning(session: string): boolean {
    return this.#turns.has(session)
  }

  request(session: string, turn: number | undefined): number {
    const found = this.#turns.of(session, turn)
    for (const each of found) each.interrupt()
    return found.length
  }
}

export const signalInterrupts = (): Interrupts => new SignalInterrupts()
