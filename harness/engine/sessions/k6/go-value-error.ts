/** An error as k6 hands it to the handlers of a socket: text, with Go's method for it. */
export class GoValueError {
  readonly #message: string
  constructor(message: string) {
    this.#message = message
  }
  error(): string {
    return this.#message
  }
  toString(): string {
    return this.#message
  }
}
