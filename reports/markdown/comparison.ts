import { code, inert, markdownTable } from '../../harness/compare/markdown.ts'
import type { PairedComparison } from '../../harness/compare/paired-comparison.ts'
import { formatDifference, formatRatio, formatRatioInterval, noNumber } from '../format.ts'
import type { MarkdownSection } from './section.ts'
import { verdictInWords } from './verdicts.ts'

/** The gate metrics of two variants that were compared pair by pair. */
export const comparison: MarkdownSection = {
  title: 'Comparison',
  render: ({ paired }) =>
    markdownTable(
      ['scenario', 'metric', 'change', 'interval', 'difference', 'pairs', 'verdict'],
      '--rrrr-',
      (paired?.comparisons ?? []).map(row),
    ),
}

function row(each: PairedComparison): string[] {
  const { scenario, metric, estimate, lower, upper, difference, unit, pairs, verdict } = each
  return [
    code(scenario),
    code(metric),
    formatRatio(estimate),
    formatRatioInterval(lower, upper) || noNumber,
    formatDifference(difference?.estimate, unit),
    String(pairs),
    verdictInWords(verdict) + whyOpen(each),
  ]
}

/** What an inconclusive result does not exclude. */
function whyOpen({ verdict, doubt, smallestEffect }: PairedComparison): string {
  if (verdict !== 'inconclusive') return ''
  const shown =
    smallestEffect === null ? null : `${formatRatio(smallestEffect).replace('+', '')} or more could have been shown`
  const parts = [doubt === null ? null : inert(doubt), shown].filter((part) => part !== null)
  return parts.length === 0 ? '' : `: ${parts.join('; ')}`
}
