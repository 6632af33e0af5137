import { compareRun } from '../../harness/compare/campaign.ts'
import { code, inert, markdownTable } from '../../harness/compare/markdown.ts'
import { sparkline } from '../../harness/compare/sparkline.ts'
import { changeInWords } from '../../harness/compare/trend-table.ts'
import { commitOf, type MachineTrends, type Trend } from '../../harness/compare/trends.ts'
import type { Run } from '../../harness/record/schema.ts'
import { inOrder, runsInWords, trendsOfRuns } from '../data/trends.ts'
import { counted, formatDifference, formatRatio, formatTime, formatValue, noNumber } from '../format.ts'
import { labelOf } from '../metric-words.ts'
import { answerOf } from '../sections/answer.ts'
import { isConcerned } from '../sections/unusable.ts'
import { viewOf } from '../view.ts'
import { inGroups } from './columns.ts'
import { blocks, firstFitting, inline, list } from './inline.ts'

const mostBars = 24

/**
 * Several runs as Markdown: what each answers, then each number from run to run, machine by machine.
 *
 * @throws UserError where a header's `primary` of a scenario cannot be read
 */
export function markdownOfRuns(runs: readonly Run[]): string {
  const ordered = inOrder(runs)
  const machines = trendsOfRuns(ordered)
  const judged = machines.map((machine) => ({ ...machine, trends: machine.trends.filter(({ primary }) => primary) }))
  return firstFitting([
    () => documentOf(ordered, machines, ''),
    () =>
      documentOf(ordered, judged, 'All but the primary metrics are left out, or this would be too long for a comment.'),
  ])
}

function documentOf(ordered: readonly Run[], machines: readonly MachineTrends[], note: string): string {
  const parts = [
    `### ${runsInWords(ordered)}`,
    runTable(ordered),
    list(ordered.map((run) => `${code(run.header.id)}: ${inline(answerOf(viewOf(run, compareRun(run))))}`)),
    ...machines.map((machine) => machineOf(machine, machines.length)),
    'Each cell: the medians over the usable trials of each run, in order of time, the last one, and how it differs from the first. Two runs of two times differ by more than the code: to show a regression, compare the two commits pair by pair.',
    note,
  ]
  return `${blocks(parts)}\n`
}

const runTable = (runs: readonly Run[]): string =>
  markdownTable(
    ['run', 'campaign', 'begun', 'commit', 'machine', 'trials', 'of them not or not wholly usable'],
    '-----rr',
    runs.map(({ header, records }) => [
      code(header.id),
      code(header.campaign),
      inert(formatTime(header.startedAt)),
      header.environment.git ? code(commitOf({ git: header.environment.git, startedAt: header.startedAt })) : '',
      code(header.environment.fingerprint),
      String(records.length),
      String(records.filter(isConcerned).length),
    ]),
  )

function machineOf({ machine, runs, trends }: MachineTrends, machines: number): string {
  const { fingerprint, cpu, cores, node } = machine
  const apart = machines > 1 ? `; one of ${machines} machines, whose numbers are never put together` : ''
  const groups = [...Map.groupBy(trends, ({ scenario, load }) => JSON.stringify([scenario, load])).values()]
  return blocks([
    `#### Machine ${code(fingerprint)}`,
    `${code(`${cpu}, ${counted(cores, 'core')}, Node ${node}`)}: ${counted(runs, 'run')}${apart}.`,
    ...groups.map(scenarioOf),
  ])
}

/** @param trends of one scenario under one load: a row a metric, a column a variant */
function scenarioOf(trends: readonly Trend[]): string {
  const { scenario, load } = trends[0]!
  const metrics = [...new Map(trends.map((trend) => [trend.metric, trend])).values()]
  const variants = [...new Set(trends.map(({ variant }) => variant))]
  const changes = trends.flatMap((trend) =>
    trend.changes.map((change) => `${code(trend.variant)}: ${inert(changeInWords(trend, change))}`),
  )
  return blocks([
    `**${code(scenario)}** (${inert(load)})`,
    ...inGroups(variants).map((group) =>
      markdownTable(
        ['metric', 'better', ...group.map(code)],
        `--${'-'.repeat(group.length)}`,
        metrics.map((number) => [
          inert(labelOf(number)),
          number.better === 'none' ? '' : number.better,
          ...group.map((variant) =>
            cellOf(trends.filter((each) => each.metric === number.metric && each.variant === variant)),
          ),
        ]),
      ),
    ),
    list(changes),
  ])
}

/** @param trends of one number: several where it was sampled in two ways, and then they stand below each other */
const cellOf = (trends: readonly Trend[]): string => trends.map(trendInWords).join('<br>') || noNumber

/** `▁▂█ 48.2 ms (+12.1%)` */
function trendInWords({ points, unit }: Trend): string {
  const values = points.map(({ value }) => value)
  const [first, last] = [values[0]!, values.at(-1)!]
  if (values.length === 1) return formatValue(last, unit)
  const change = first > 0 && last > 0 ? formatRatio(last / first - 1) : formatDifference(last - first, unit)
  return `${sparkline(values, mostBars)} ${formatValue(last, unit)} (${change})`
}
