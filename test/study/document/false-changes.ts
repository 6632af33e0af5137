import { upperBound } from '../clopper-pearson.ts'
import type { Cell, Tally } from '../evaluate.ts'
import { type Independence, pieceLength } from '../independence.ts'
import type { MetricKey, StudyMetric } from '../metrics.ts'
import type { Rule } from '../procedures/rule.ts'
import { cellOf, metricsOf, type Results, tallyOf } from './results.ts'
import { markdownTable, percent, signedPercent } from './text.ts'

/** Identical servers: how often a rule says that something changed. */
export interface FalseChanges {
  found: number
  tried: number
  share: number
  /** With 95% confidence it is no more than this (Clopper-Pearson, one-sided). */
  atMost: number
}

export const falseChanges = ({ comparisons }: Cell, { worse, better }: Tally): FalseChanges => ({
  found: worse + better,
  tried: comparisons,
  share: (worse + better) / comparisons,
  atMost: upperBound(worse + better, comparisons),
})

export function falseChangesSection(results: Results): string {
  const metrics = metricsOf(results)
  const weir = results.rules.weir(null, 0)
  const pool = Math.min(...metrics.flatMap(({ key }) => cellOf(results, 'control-again', key)?.pool ?? []))
  const tried = cellOf(results, 'control-again', metrics[0]!.key)?.comparisons ?? 0
  return [
    '## Where nothing changed',
    '',
    `Two identical servers: share of "changed" (improved or regressed) among ${tried} comparisons a number, and what it is at most with 95% confidence (Clopper-Pearson, one-sided). They are drawn from a pool of at least ${pool} pairs, so they are not independent of each other: the bound speaks of this pool.`,
    '',
    '![Share of identical servers that each rule calls changed](false-changes.svg)',
    '',
    markdownTable(
      ['rule', ...metrics.map(({ title }) => title)],
      results.rules.all.map((rule) => [rule.title, ...metrics.map(({ key }) => inWords(results, key, rule))]),
    ),
    '',
    '### Are the pairs independent?',
    '',
    `Drawn one by one, pairs are independent and either sign is as likely: then the signed ranks err as often as they are meant to, whatever the noise is. What could go wrong is that consecutive pairs have something in common. So the pool is looked at in its order: how far each pair goes with the next; comparisons drawn in pieces of ${pieceLength} consecutive pairs, which are turned round as a whole (few pieces, so this share varies much from pool to pool); and the pool cut into comparisons of five minutes as it was recorded, with nothing drawn.`,
    '',
    markdownTable(
      ['', ...metrics.map(({ title }) => title)],
      [
        ['correlation of a pair with the next', ...metrics.map(looked(results, correlationInWords))],
        [`${weir.title}, in pieces`, ...metrics.map(looked(results, piecesInWords))],
        [`${results.rules.weir(5, 0).title}, as recorded`, ...metrics.map(looked(results, recordedInWords))],
        ['more where started before the other than where after', ...metrics.map(looked(results, startedInWords))],
      ],
    ),
    '',
    'What a coin turns round has no mean of its own, and so the drawn comparisons cannot see whether the identical servers of this pool differ in the mean: their intervals stand [above](#what-was-there-to-be-found), and one in twenty leaves 0 out where nothing is. Which server is started first is random in each block here, and balanced over every two pairs by `weir compare`: what it is worth (the last row, over all conditions, with its 95% interval) is noise from pair to pair, and no difference.',
  ].join('\n')
}

function inWords(results: Results, key: MetricKey, rule: Rule): string {
  const cell = cellOf(results, 'control-again', key)
  const tally = tallyOf(cell, rule)
  if (!cell || !tally) return '-'
  const { share, atMost } = falseChanges(cell, tally)
  return `${percent(share)} (at most ${percent(atMost)})`
}

/** What was seen of a number's pairs in their order; of too few there is nothing to see. */
const looked =
  ({ independence }: Results, inWords: (seen: Independence) => string) =>
  ({ key }: StudyMetric): string => {
    const seen = independence.get(key)
    return seen ? inWords(seen) : '-'
  }

/** The correlation, and whether independent pairs often have such a one. */
function correlationInWords({ correlation, usual }: Independence): string {
  const isUsual = Math.abs(correlation) <= usual
  return `${correlation.toFixed(2)} (${isUsual ? 'within' : '**beyond**'} ±${usual.toFixed(2)})`
}

const piecesInWords = ({ inPieces, piecesDrawn }: Independence): string =>
  percent((inPieces.worse + inPieces.better) / piecesDrawn)

const startedInWords = ({ startedFirst }: Independence): string =>
  startedFirst ? `${signedPercent(Math.expm1(startedFirst.estimate))} ±${percent(startedFirst.half)}` : '-'

const recordedInWords = ({ asRecorded: { found, tried } }: Independence): string => `${found} of ${tried}`
