const firstMs = 100
const longestMs = 10_000

/** How long to leave a service alone that failed: twice as long after each failure, less up to a quarter at random. */
export class BackOff {
  readonly #nowMs: () => number
  readonly #random: () => number
  #failures = 0
  #untilMs = 0

  constructor(nowMs: () => number = () => performance.now(), random: () => number = Math.random) {
    this.#nowMs = nowMs
    this.#random = random
  }

  /** What is left of the while, 0 where there is none. */
  get leftMs(): number {
    return Math.max(0, this.#untilMs - this.#nowMs())
  }

  /** Calls that were under way together and fail together are one failure. */
  failed(): void {
    if (this.leftMs > 0) return
    const fullMs = Math.min(firstMs * 2 ** this.#failures, longestMs)
    this.#failures += 1
    this.#untilMs = this.#nowMs() + fullMs * (1 - this.#random() / 4)
  }

  worked(): void {
    this.#failures = 0
    this.#untilMs = 0
  }
}
