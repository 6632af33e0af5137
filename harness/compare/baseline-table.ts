import type { RunValues } from '../record/schema.ts'
import type { BaselineComparison, BaselineDifference } from './baseline.ts'
import { clip, layOut, plain, wrap } from './columns.ts'
import { median } from './estimate.ts'
import { formatDifference, formatPercent, formatPercentRange, formatValue } from './figures.ts'
import type { TableOptions } from './table.ts'
import { boundRank } from './two-samples.ts'

const confidence = 0.95

/** The terminal table of a run held against a baseline: what differs, and first of all what that is worth. */
export function formatBaselineTable(
  comparison: BaselineComparison,
  { name, before, now }: { name: string; before: RunValues; now: RunValues },
  { width }: Pick<TableOptions, 'width'>,
): string {
  const cells = [...new Set(comparison.differences.map(({ scenario, variant }) => JSON.stringify([scenario, variant])))]
  const sections = cells.map((cell) => {
    const rows = comparison.differences.filter((each) => JSON.stringify([each.scenario, each.variant]) === cell)
    return section(rows, width)
  })
  const title = [
    clip(`${plain(now.run)} against baseline ${plain(name)}`, width),
    clip(`then: ${dayAndCommit(before)}`, width),
    clip(`now:  ${dayAndCommit(now)}`, width),
  ]
  const notes = notesOf(comparison).flatMap((note) => wrap(plain(note), width))
  return `${[title, worthOfIt(comparison, width), ...sections, notes]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function dayAndCommit({ startedAt, git, checkouts = {} }: RunValues): string {
  const others = Object.entries(checkouts).map(([variant, own]) => `; ${plain(variant)}: ${commitInWords(own)}`)
  return `${startedAt.slice(0, 16).replace('T', ' ')} UTC, ${commitInWords(git)}${others.join('')}`
}

const commitInWords = (git: RunValues['git']): string =>
  git ? `commit ${git.commit.slice(0, 9)}${git.dirty ? ' and what was not committed' : ''}` : 'no commit'

function worthOfIt({ otherMachine }: BaselineComparison, width: number): string[] {
  const warning =
    'WARNING: the two runs are of two times. A difference may be the code, or whatever else has changed since: neighbours, heat, updates. It does not show a regression; to show one, measure both sides in one job: weir compare, weir gate.'
  const refusal = `And this is another machine (${otherMachine.join('; ')}): no difference is judged.`
  return [
    ...wrap(warning, width),
    ...(otherMachine.length > 0 ? wrap(refusal, width) : []),
    ...wrap('Shift: Hodges-Lehmann over trials, unpaired, with its exact Mann-Whitney interval at 95%.', width),
  ]
}

function section(rows: BaselineDifference[], width: number): string[] {
  const [first] = rows
  const texts = (textOf: (row: BaselineDifference) => string) => rows.map(textOf)
  return [
    clip(plain(`${first!.scenario}, ${first!.variant}`), width),
    ...layOut(
      [
        { title: 'metric', align: 'left', minWidth: 18, cells: texts(({ metric }) => plain(metric)) },
        {
          title: 'before',
          align: 'right',
          expendable: 1,
          cells: texts(({ before, unit }) => formatValue(median(before), unit)),
        },
        { title: 'now', align: 'right', cells: texts(({ now, unit }) => formatValue(median(now), unit)) },
        { title: 'shift', align: 'right', cells: texts(shiftOf) },
        { title: '95% interval', align: 'right', cells: texts(intervalOf) },
        { title: 'says', align: 'left', cells: texts(({ word }) => word ?? '') },
      ],
      width,
    ),
  ]
}

const shiftOf = ({ ratio, difference, unit }: BaselineDifference): string =>
  ratio ? formatPercent(ratio.estimate) : formatDifference(difference.estimate, unit)

function intervalOf({ ratio, difference, unit }: BaselineDifference): string {
  const { lower, upper } = ratio ?? difference
  if (lower === null || upper === null) return 'too few'
  return ratio
    ? formatPercentRange(lower, upper)
    : `${formatDifference(lower, unit)} to ${formatDifference(upper, unit)}`
}

function notesOf({
  differences,
  doubts,
  onlyBefore,
  onlyNow,
  otherLoads,
  isSamplingOther,
}: BaselineComparison): string[] {
  const few = differences.find(({ before, now }) => boundRank(before.length, now.length, confidence) === 0)
  const counted = few && `${few.before.length} trials then and ${few.now.length} now`
  return [
    ...doubts,
    ...(counted ? [`too few trials for an interval (${counted}): 4 and 4 are the fewest that have one`] : []),
    ...(isSamplingOther ? ['event-loop delays were sampled in another way then: they are left out'] : []),
    ...otherLoads.map((why) => `${why}: its numbers are left out`),
    ...(onlyBefore.length > 0 ? [`just in the baseline: ${onlyBefore.join('; ')}`] : []),
    ...(onlyNow.length > 0 ? [`not in the baseline: ${onlyNow.join('; ')}`] : []),
  ]
}
