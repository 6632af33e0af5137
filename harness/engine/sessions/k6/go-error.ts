/** What k6's own functions throw: scripts see the name, in texts such as `GoError: the message`. */
export class GoError extends Error {
  override readonly name = 'GoError'
}
