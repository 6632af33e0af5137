/** What may wait for one client. Past either the maker is asked to pause, so that a slow reader costs no memory. */
const mostTokens = 1_000
/** In UTF-16 units. */
const mostText = 65_536

/** Tokens between the model and a client that does not take them yet. */
export class WaitingTokens {
  #tokens: string[] = []
  #textLength = 0
  /** The index of the first that waits. */
  #firstIndex = 0
  #resume: (() => void) | undefined

  get isEmpty(): boolean {
    return this.#tokens.length === 0
  }

  /** In UTF-16 units. */
  get textLength(): number {
    return this.#textLength
  }

  get hasRoom(): boolean {
    return this.#tokens.length < mostTokens && this.#textLength < mostText
  }

  add(token: string): void {
    this.#tokens.push(token)
    this.#textLength += token.length
  }

  /** Calls back once, as soon as there is room. */
  whenRoom(resume: () => void): void {
    if (this.hasRoom) resume()
    else this.#resume = resume
  }

  /** Hands all of them over, oldest first, with the index of the first. */
  take(): { tokens: string[]; firstIndex: number } {
    const taken = { tokens: this.#tokens, firstIndex: this.#firstIndex }
    this.#firstIndex += this.#tokens.length
    this.#tokens = []
    this.#textLength = 0
    const resume = this.#resume
    this.#resume = undefined
    resume?.()
    return taken
  }
}
