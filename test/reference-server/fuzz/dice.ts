import { mulberry32 } from '../../../harness/random.ts'

/** Chance that can be had again: the same seed, the same choices. */
export class Dice {
  readonly #next: () => number

  constructor(seed: number) {
    this.#next = mulberry32(seed)
  }

  /** A whole number from 0 to `end - 1`. */
  below(end: number): number {
    return Math.floor(this.#next() * end)
  }

  chance(share: number): boolean {
    return this.#next() < share
  }

  oneOf<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!
  }
}
