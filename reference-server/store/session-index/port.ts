/** Whether the sessions of a device can be looked up by an index over active ones: SQL that both databases understand. */
export interface SessionIndex {
  /** Run when the database is opened; running it again changes nothing. */
  sql: string
}
