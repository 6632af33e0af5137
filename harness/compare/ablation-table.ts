import type { Run } from '../record/schema.ts'
import { type AblationOf, ablationOf, notesOn, type Worth } from './ablation.ts'
import { clip, layOut, plain, wrap } from './columns.ts'
import { formatPercent, formatPercentRange } from './figures.ts'
import type { TableOptions } from './table.ts'

/** The terminal table of an ablation: what each optimisation is worth, the largest first, and all of them together. */
export function formatAblationTable(run: Run, { width }: TableOptions): string {
  const title = [
    clip(`${plain(run.header.campaign)}: what it costs to undo each optimisation`, width),
    clip(`variant / ${plain(run.header.baseline)} - 1, with 95% intervals (Student's t, over blocks)`, width),
    ...wrap(formulaOf(run), width).map((line) => line.slice(2)),
  ]
  const sections = ablationOf(run).map((each) => section(each, width))
  return `${[title, ...sections].map((lines) => lines.join('\n')).join('\n\n')}\n`
}

/** Changes by factors do not add up; their logarithms do. */
const formulaOf = ({ header }: Run): string =>
  `the sum: exp(sum of ln(variant / ${plain(header.baseline)})) - 1 in each block, as if the single changes came one after another; what all at once is more or less than that, they do to one another, or those do that did not run under the load`

function section(ablation: AblationOf, width: number): string[] {
  const { scenario, role, metric, better, singles, together, sum, summed } = ablation
  const rows = [
    ...singles.map(({ variant, worth }) => ({ name: plain(variant), worth })),
    ...(sum ? [{ name: `the sum of ${summed.length}`, worth: sum }] : []),
    ...(together ? [{ name: `${plain(together.variant)} (all at once)`, worth: together.worth }] : []),
  ]
  const cells = (textOf: (worth: Worth) => string) => rows.map(({ worth }) => (worth ? textOf(worth) : '-'))
  const notes = notesOn(ablation)
  return [
    clip(`${plain(scenario)}, ${role}: ${metric}${better === 'none' ? '' : `, ${better} is better`}`, width),
    ...layOut(
      [
        { title: 'undone', align: 'left', minWidth: 12, cells: rows.map(({ name }) => name) },
        { title: 'change', align: 'right', cells: cells(({ estimate }) => formatPercent(estimate)) },
        { title: '95% interval', align: 'right', cells: cells(intervalOf) },
        { title: 'blocks', align: 'right', expendable: 1, cells: cells(({ pairs }) => String(pairs)) },
      ],
      width,
    ),
    ...(notes.length > 0 ? ['', ...notes.flatMap((note) => wrap(plain(note), width))] : []),
  ]
}

const intervalOf = ({ lower, upper }: Worth): string =>
  lower === null || upper === null ? '' : formatPercentRange(lower, upper)
