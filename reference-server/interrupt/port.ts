/** A turn in flight that can be interrupted. */
export interface Interruptible {
  session: string
  turn: number
  /** Gives the turn up: its upstream call is closed, its client told. */
  interrupt: () => void
}

/** Brings an interrupt to the turn that it is meant for. */
export interface Interrupts {
  /** Called when a turn begins; the function it gives is called when the turn is over. */
  watch(turn: Interruptible): () => void
  /**
   * Interrupts a session's turn with this number, or all of its turns.
   * @returns how many turns of this worker that concerns
   */
  request(session: string, turn: number | undefined): number
  /** Whether a turn of the session is in flight at this worker. */
  isRunning(session: string): boolean
  readonly watched: number
  /** How often a turn had to look whether it is interrupted; 0 where it is told. */
  readonly looks: number
}
