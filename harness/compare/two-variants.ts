import type { Run } from '../record/schema.ts'
import { type CampaignComparison, compareRun } from './campaign.ts'

/**
 * Any two variants of a campaign, as if the one had been its baseline: a block holds a trial of each variant, so any two of
 * them are a pair. With the campaign's own baseline it says what `compareRun` says of the other.
 *
 * @param baseline a variant's name: what the other is divided by
 * @throws UserError where the header's `primary` of a scenario cannot be read
 */
export function compareTwo({ header, records }: Run, baseline: string, variant: string): CampaignComparison {
  const variants = header.variants.filter(({ name }) => name === baseline || name === variant)
  return compareRun({
    header: { ...header, baseline, variants },
    // All of them: the trials of others, too, tell that a block has begun.
    records: records.map((record) => {
      const side = record.variant === baseline ? 'A' : 'B'
      return { ...record, key: { ...record.key, side } }
    }),
  })
}
