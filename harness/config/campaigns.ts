import { z } from 'zod'
import { claim } from './claims.ts'
import { saturation } from './saturation.ts'
import { withSteps } from './saturation-steps.ts'
import { names } from './values.ts'

export const campaign = z.strictObject({
  /** The question that the campaign answers, as one sentence; it heads the report. */
  question: z.string(),
  /** Every one of them runs under every scenario. With `claims` they are those that the claims name. */
  variants: names.min(1).optional(),
  scenarios: names.min(1).optional(),
  /** By scenario: of the variants just these run under it, beside the baseline, since the others do nothing different there. */
  only: z.record(z.string(), names.min(1)).optional(),
  /** The variant that the others are compared with. */
  baseline: z.string(),
  blocks: z.number().int().min(1),
  /** At most so many blocks more, of what could not be used in those; a quick run has none. */
  moreBlocks: z.number().int().min(0).default(0),
  quick: z.strictObject({ blocks: z.number().int().min(1) }).default({ blocks: 1 }),
  /** What is to be tested; trials follow from it: under each scenario the variants that its claims name, and the baseline. */
  claims: z.array(claim).min(1).optional(),
  /**
   * The other variants undo one thing each: what is each worth? `together` undoes those of `of` at once, which are all
   * the others unless given.
   */
  ablation: z.strictObject({ together: z.string().optional(), of: names.min(1).optional() }).optional(),
  /** How much can the variants take? The scenarios follow from it. */
  saturation: saturation.optional(),
})

type Written = z.output<typeof campaign>

export type ResolvedClaim = z.output<typeof claim> & { against: string }

/** A campaign with what was left out filled in: its variants and scenarios, and what each claim is held against. */
export interface ResolvedCampaign extends Omit<Written, 'variants' | 'scenarios' | 'claims'> {
  variants: string[]
  scenarios: string[]
  claims?: ResolvedClaim[]
}

export const resolvedCampaign = campaign.transform((written, context): ResolvedCampaign => {
  const { claims, variants = [], scenarios = [], ...rest } = written
  for (const [key, message] of misfits(written)) context.addIssue({ code: 'custom', path: [key], message })
  if (!claims) return withSteps({ ...rest, variants, scenarios })
  return withClaims(
    { ...rest, variants, scenarios },
    claims.map((each) => ({ ...each, against: each.against ?? rest.baseline })),
  )
})

/** The campaign that tests just these claims: its variants and scenarios are those that they name. */
export const withClaims = (base: ResolvedCampaign, claims: ResolvedClaim[]): ResolvedCampaign => ({
  ...base,
  claims,
  variants: [...new Set([base.baseline, ...claims.flatMap(({ variant, against }) => [against, variant])])],
  scenarios: [...new Set(claims.map(({ scenario }) => scenario))],
})

/** Trials come from claims or from lists of names, never from both. */
function misfits({ claims, ablation, saturation, ...lists }: Written): [key: string, message: string][] {
  const keys = ['variants', 'scenarios'] as const
  if (saturation) {
    const beside = [
      ...(['scenarios', 'only'] as const).filter((key) => lists[key] !== undefined),
      ...(claims ? ['claims'] : []),
      ...(ablation ? ['ablation'] : []),
    ]
    const more: [string, string][] =
      lists.moreBlocks > 0
        ? [
            [
              'moreBlocks',
              'a sweep is not made longer for what was void, since the maximum of a block is that of all its steps: raise "blocks"',
            ],
          ]
        : []
    const missing =
      lists.variants === undefined && !claims ? [['variants', 'expected a list of names'] as [string, string]] : []
    return [
      ...missing,
      ...more,
      ...beside.map((key): [string, string] => [key, 'cannot stand beside "saturation", from which the trials follow']),
    ]
  }
  if (!claims) {
    const missing = keys.filter((key) => lists[key] === undefined)
    return missing.map((key) => [key, 'expected a list of names (or "claims", from which they follow)'])
  }
  const beside = [
    ...[...keys, 'only' as const].filter((key) => lists[key] !== undefined),
    ...(ablation ? ['ablation'] : []),
  ]
  return beside.map((key) => [key, 'cannot stand beside "claims", from which the trials follow'])
}
