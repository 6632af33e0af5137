import type { Comparison } from '../../harness/compare/campaign.ts'

/** What was measured in each block that has a usable value of both. */
export function pairedValues({ values }: Pick<Comparison, 'values'>): { baseline: number[]; variant: number[] } {
  const both = values.baseline.flatMap((a, at) => {
    const b = values.variant[at]
    return a === null || b === null || b === undefined ? [] : [{ a, b }]
  })
  return { baseline: both.map(({ a }) => a), variant: both.map(({ b }) => b) }
}
