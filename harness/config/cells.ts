import type { CampaignConfig } from './schema.ts'

/** What a block holds of one scenario: each of these variants once. */
export interface Cell {
  scenario: string
  variants: string[]
}

/** What a block of the campaign holds: of claims the variants that they name under each scenario, else all under all. */
export function cellsOf({ variants, scenarios, baseline, claims, only = {} }: CampaignConfig): Cell[] {
  if (claims) {
    return scenarios.map((scenario) => {
      const named = claims.filter((claim) => claim.scenario === scenario)
      return withBaseline(
        scenario,
        baseline,
        named.flatMap(({ against, variant }) => [against, variant]),
      )
    })
  }
  return scenarios.flatMap((scenario) => {
    const chosen = only[scenario]
    if (!chosen) return { scenario, variants }
    const left = chosen.filter((variant) => variants.includes(variant))
    return left.length === 0 ? [] : withBaseline(scenario, baseline, left)
  })
}

const withBaseline = (scenario: string, baseline: string, others: string[]): Cell => ({
  scenario,
  variants: [...new Set([baseline, ...others])],
})
