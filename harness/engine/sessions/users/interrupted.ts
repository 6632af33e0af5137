/**
 * Thrown in a script whose user was stopped, to unwind it. In k6 such an interrupt cannot be caught; here the rewritten
 * script lets it through its `catch` and `finally` clauses, and nobody reports it.
 */
export class Interrupted extends Error {
  override name = 'Interrupted'

  constructor(message = 'the user was stopped') {
    super(message)
  }
}
