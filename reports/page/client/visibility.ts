import type { Line } from '../../charts/chart.ts'
import type { ChartData } from './data.ts'

/** What a reader has hidden in all charts, and chosen to see of those that have a choice. */
export class Visibility {
  readonly #hiddenVariants = new Set<number>()
  /** By the chart's id the place of the choice. */
  readonly #chosen = new Map<string, number>()

  /** @returns whether the variant is shown from now on */
  toggle(variant: number): boolean {
    if (!this.#hiddenVariants.delete(variant)) this.#hiddenVariants.add(variant)
    return !this.#hiddenVariants.has(variant)
  }

  choose(chart: string, choice: number): void {
    this.#chosen.set(chart, choice)
  }

  isShown({ id, choices }: ChartData, { variant, set }: Line): boolean {
    const choice = choices?.[this.#chosen.get(id) ?? 0]
    return !this.#hiddenVariants.has(variant) && (set === undefined || !choice || choice.sets.includes(set))
  }
}
