import type { ClaimVerdict } from '../../harness/compare/claims.ts'

/** How the verdict on a claim is shown: never by colour alone. `look` is the class of a verdict of the same colour. */
export const claimVerdictWords: Record<ClaimVerdict, { sign: string; look: string; meaning: string }> = {
  confirmed: { sign: '✓', look: 'improved', meaning: 'The whole interval lies at or beyond the claim.' },
  'direction only': {
    sign: '↗',
    look: 'equivalent',
    meaning: 'The interval excludes no effect, in the claimed direction, and does not wholly reach the claim.',
  },
  refuted: {
    sign: '✕',
    look: 'regressed',
    meaning: 'The interval excludes the claim, and shows no effect in its direction.',
  },
  inconclusive: { sign: '?', look: 'inconclusive', meaning: 'None of these: the interval is too wide to tell.' },
  'not run': {
    sign: '–',
    look: 'none',
    meaning: 'Something that it needs is missing here, fewer than two pairs can be used, or the run was a quick one.',
  },
}
