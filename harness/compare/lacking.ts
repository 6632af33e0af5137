import type { Run, RunHeader } from '../record/schema.ts'
import { variantsUnder } from './cells.ts'
import type { ObservationId } from './observation-id.ts'
import { primaryId, usableValue } from './pairs.ts'

/** Two variants that are held against one another by one number. */
interface Held {
  scenario: string
  variant: string
  against: string
  id: ObservationId
}

/**
 * Of which variants, by scenario, more trials are wanted: those with fewer usable pairs than the campaign has blocks, and
 * what these are held against. A number is the one that a claim is about, else the primary one.
 */
export function lackingPairs(run: Run): ReadonlyMap<string, ReadonlySet<string>> {
  const lacking = new Map<string, Set<string>>()
  for (const held of heldAgainst(run.header)) {
    if (usableBlocks(run, held) >= run.header.blocks) continue
    const variants = lacking.get(held.scenario) ?? new Set()
    lacking.set(held.scenario, variants.add(held.variant).add(held.against))
  }
  return lacking
}

function heldAgainst(header: RunHeader): Held[] {
  const { claims, baseline, scenarios } = header
  if (claims) {
    return claims.map(({ scenario, variant, against, metric, claimed }) => ({
      ...{ scenario, variant, id: primaryId(metric) },
      against: 'value' in claimed ? variant : against,
    }))
  }
  return scenarios.flatMap(({ name, primary }) =>
    variantsUnder(header, name)
      .filter((variant) => variant.name !== baseline)
      .map((variant) => ({ scenario: name, variant: variant.name, against: baseline, id: primaryId(primary) })),
  )
}

function usableBlocks({ records }: Run, { scenario, variant, against, id }: Held): number {
  const blocksOf = (name: string): Set<number> => {
    const ofCell = records.filter((record) => record.scenario === scenario && record.variant === name)
    return new Set(ofCell.filter((record) => usableValue(record, id) !== null).map(({ key }) => key.block))
  }
  const ofVariant = blocksOf(variant)
  return [...blocksOf(against)].filter((block) => ofVariant.has(block)).length
}
