/** One call to the model, for the bill. */
export interface ModelUse {
  app: string
  session: string
  turn: number
  tokens: number
}

/** Writes down who used the model how much: every use belongs to the organisation of its app. */
export interface Usage {
  /**
   * Resolves when the use has been handed to the store; does not wait for the commit.
   * @throws what the look-up of the organisation failed with
   */
  record(use: ModelUse): Promise<void>
  /** Database reads for organisations so far. */
  readonly organisationReads: number
}
