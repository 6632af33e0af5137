/** Decides when a turn's context is updated: state in memory and rows in the database. */
export interface ContextUpdate {
  /**
   * Calls `reply` and runs `update`, each once.
   * @throws what `update` throws where it comes first
   */
  settle(update: () => Promise<void>, reply: () => void): Promise<void> | undefined
  /** Updates asked for and not finished. */
  readonly pending: number
  readonly failed: number
  /** Resolves when nothing is pending. */
  drain(): Promise<void>
}
