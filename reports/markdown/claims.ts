import { claimedInWords, intervalInWords, measuredInWords } from '../../harness/compare/claim-words.ts'
import type { ClaimResult } from '../../harness/compare/claims.ts'
import { code, inert, markdownTable } from '../../harness/compare/markdown.ts'
import { noNumber } from '../format.ts'
import { blocks, list } from './inline.ts'
import type { MarkdownSection } from './section.ts'

/** Claimed and measured side by side, then what is to be said of single ones. */
export const claims: MarkdownSection = {
  title: 'Claims',
  render: ({ claims }) =>
    blocks([
      markdownTable(
        ['claim', 'scenario', 'claimed', 'measured', '95% interval', 'pairs', 'verdict'],
        '--rrrr-',
        claims.map(row),
      ),
      list(notesOf(claims)),
    ]),
}

/** One line for each reason, with all claims that it is said of. */
function notesOf(results: readonly ClaimResult[]): string[] {
  const byReason = Map.groupBy(results, ({ reason }) => reason)
  byReason.delete('')
  return [...byReason].map(
    ([reason, group]) => `${group.map(({ claim }) => code(claim.id)).join(', ')}: ${inert(reason)}`,
  )
}

function row(result: ClaimResult): string[] {
  const { claim, verdict, pairs } = result
  return [
    code(claim.id),
    code(claim.scenario),
    inert(claimedInWords(result)),
    inert(measuredInWords(result)) || noNumber,
    inert(intervalInWords(result)) || noNumber,
    String(pairs),
    verdict === 'refuted' ? `**${verdict}**` : verdict,
  ]
}
