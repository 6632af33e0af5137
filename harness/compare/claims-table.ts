import type { Run } from '../record/schema.ts'
import { claimedInWords, intervalInWords, measuredInWords } from './claim-words.ts'
import { type ClaimResult, type ClaimVerdict, testClaims } from './claims.ts'
import { type Column, clip, layOut, plain, wrap } from './columns.ts'
import type { TableOptions } from './table.ts'

/** In this order they are counted. */
export const claimVerdicts: readonly ClaimVerdict[] = [
  'confirmed',
  'direction only',
  'refuted',
  'inconclusive',
  'not run',
]

const colors: Partial<Record<ClaimVerdict, string>> = {
  confirmed: '32',
  'direction only': '36',
  refuted: '31',
  inconclusive: '33',
}

/** The terminal table of a run's claims: claimed, measured, verdict; then what is to be said of single ones. */
export function formatClaimsTable(run: Run, { width, color }: TableOptions): string {
  const results = testClaims(run)
  const title = [
    ...wrap(`${plain(run.header.campaign)}: ${countsInWords(results)}`, width).map((line) => line.slice(2)),
    clip("x: variant / what it is held against. 95% intervals (Student's t, over blocks)", width),
  ]
  const notes = notesOf(results).flatMap((note) => wrap(plain(note), width))
  const parts = [title, layOut(columnsOf(results, color), width), ...(notes.length > 0 ? [notes] : [])]
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

/** One line for each reason: `a, b: a quick run gives no verdicts`. */
function notesOf(results: readonly ClaimResult[]): string[] {
  const byReason = Map.groupBy(
    results.filter(({ reason }) => reason !== ''),
    ({ reason }) => reason,
  )
  return [...byReason].map(([reason, group]) => `${group.map(({ claim }) => claim.id).join(', ')}: ${reason}`)
}

/** `12 claims: 7 confirmed, 2 refuted, 3 not run` */
export function countsInWords(results: readonly ClaimResult[]): string {
  const counts = claimVerdicts
    .map((verdict) => ({ verdict, count: results.filter((each) => each.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
  const total = `${results.length} ${results.length === 1 ? 'claim' : 'claims'}`
  return `${total}: ${counts.map(({ verdict, count }) => `${count} ${verdict}`).join(', ')}`
}

function columnsOf(results: readonly ClaimResult[], color: boolean): Column[] {
  const cells = (textOf: (result: ClaimResult) => string) => results.map(textOf)
  return [
    { title: 'row', align: 'right', expendable: 2, cells: cells(({ claim }) => plain(claim.row ?? '')) },
    { title: 'claim', align: 'left', minWidth: 12, cells: cells(({ claim }) => plain(claim.id)) },
    {
      title: 'scenario',
      align: 'left',
      minWidth: 6,
      expendable: 3,
      cells: cells(({ claim }) => plain(claim.scenario)),
    },
    { title: 'claimed', align: 'right', cells: cells(claimedInWords) },
    { title: 'measured', align: 'right', cells: cells(measuredInWords) },
    { title: '95% interval', align: 'right', expendable: 1, cells: cells(intervalInWords) },
    { title: 'pairs', align: 'right', expendable: 3, cells: cells(({ pairs }) => String(pairs)) },
    {
      title: 'verdict',
      align: 'left',
      cells: cells(({ verdict }) => verdict),
      ...(color ? { paint: (text: string, row: number) => painted(text, results[row]?.verdict) } : {}),
    },
  ]
}

function painted(text: string, verdict: ClaimVerdict | undefined): string {
  const code = verdict && colors[verdict]
  return code === undefined ? text : text.replace(verdict!, `\u001b[${code}m${verdict}\u001b[0m`)
}
