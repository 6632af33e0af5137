import type { CampaignConfig } from './schema.ts'

/** What a block holds of one scenario: each of these variants once. */
export interface Cell {
  scenario: string
  variants: string[]
}

/** What a block of the campaign holds: of claims the variants that they name under each scenario, else all under all. */
export function cellsOf({ variants, scenarios, baseline, claims }: CampaignConfig): Cell[] {
  if (!claims) return scenarios.map((scenario) => ({ scenario, variants }))
  return scenarios.map((scenario) => {
    const named = claims.filter((claim) => claim.scenario === scenario)
    return {
      scenario,
      variants: [...new Set([baseline, ...named.flatMap(({ against, variant }) => [against, variant])])],
    }
  })
}
