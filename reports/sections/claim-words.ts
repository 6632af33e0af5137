import type { ClaimVerdict } from '../../harness/compare/claims.ts'

/**
 * How the verdict on a claim is shown: by its word, in no colour. Signs and colours say of a variant whether it is better;
 * a claim that is refuted may be good news. `look` is the class of its frame.
 */
export const claimVerdictWords: Record<ClaimVerdict, { look: string; meaning: string }> = {
  confirmed: { look: 'claim-holds', meaning: 'The whole interval lies at or beyond the claim.' },
  'direction only': {
    look: 'claim-in-part',
    meaning: 'The interval excludes no effect, in the claimed direction, and does not wholly reach the claim.',
  },
  refuted: {
    look: 'claim-fails',
    meaning: 'The interval excludes the claim, and shows no effect in its direction.',
  },
  inconclusive: { look: 'claim-open', meaning: 'None of these: the interval is too wide to tell.' },
  'not run': {
    look: 'none',
    meaning: 'Something that it needs is missing here, fewer than two pairs can be used, or the run was a quick one.',
  },
}
