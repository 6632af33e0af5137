import type { Verdict } from '../../harness/compare/verdict.ts'

/** How a verdict is shown: never by colour alone. */
export const verdictWords: Record<Verdict | 'none', { sign: string; word: string; inSentence: string }> = {
  regressed: { sign: '✕', word: 'regressed', inSentence: 'worse' },
  improved: { sign: '✓', word: 'improved', inSentence: 'better' },
  equivalent: { sign: '≈', word: 'equivalent', inSentence: 'the same within 3%' },
  inconclusive: { sign: '?', word: 'inconclusive', inSentence: 'inconclusive' },
  none: { sign: '–', word: 'no verdict', inSentence: 'without a verdict' },
}

/** Worst news first. */
export const verdictOrder: readonly (Verdict | 'none')[] = [
  'regressed',
  'improved',
  'equivalent',
  'inconclusive',
  'none',
]
