import { sparkline } from '../../compare/sparkline.ts'
import { formatTime } from '../words.ts'
import { cellsOf, fitting } from './cells.ts'
import type { Moment } from './moment.ts'
import type { Line, Tone } from './moving-block.ts'

/** A line of the block in so many cells; null where there is nothing to tell. */
type LiveLine = (moment: Moment, cells: number) => Line | null

/** A figure in a line: its longest wording first, and what it was in the seconds before. */
interface Figure {
  wordings: readonly [long: string, ...shorter: string[]]
  values?: readonly (number | null)[]
  tone?: Tone
}

type LiveFigure = (moment: Moment) => Figure | null

const whatRuns: LiveLine = ({ title, stage, progress }, cells) => {
  const time = progress ? `${Math.round(progress.elapsedS)}/${Math.round(progress.durationS)} s` : ''
  const details = [`${stage} ${time}`.trim(), time || stage].filter(Boolean)
  const withDetails = title.wordings.flatMap((name) => details.map((detail) => `${name}  ${detail}`))
  return [{ text: fitting([...withDetails, ...title.wordings], cells) }]
}

const wholeCourse: LiveLine = ({ course: { spentS, leftS, isLimit } }, cells) => {
  const share = spentS + leftS > 0 ? spentS / (spentS + leftS) : 0
  const percent = `${Math.floor(100 * share)}%`
  const time = `${isLimit ? 'at most ' : ''}${formatTime(leftS)} left`
  const text = fitting([`  ${percent}  ${time}`, percent], cells)
  const width = Math.max(0, Math.min(widestBar, cells - text.length))
  const full = Math.round(width * share)
  return [{ text: '█'.repeat(full), tone: 'green' }, { text: '░'.repeat(width - full), tone: 'dim' }, { text }]
}

const widestBar = 60

const sessions: LiveFigure = ({ progress, seconds }) => {
  const open = seconds.of('ws_sessions_open', 'value')
  if (open) return { wordings: [`${open.value === null ? noValue : whole(open.value)} sessions`] }
  return progress && { wordings: [`${whole(progress.vus)} users`] }
}

const rate: LiveFigure = ({ seconds }) => {
  const found = seconds.of('throughput', 'value') ?? seconds.of('iterations', 'rate')
  return found ? { wordings: [measured(found.value, '/s')], values: found.values } : null
}

const latency: LiveFigure = ({ title, seconds }) => {
  for (const metric of [title.primary, 'http_req_intended_duration', 'http_req_duration', 'iteration_duration']) {
    const found = seconds.of(metric, 'p(95)')
    if (!found) continue
    const short = `p95 ${measured(found.value, ' ms')}`
    return { wordings: [`${metric} ${short}`, short], values: found.values }
  }
  return null
}

const errors: LiveFigure = ({ progress }) => {
  if (!progress) return null
  const text = `${whole(progress.failed)} ${progress.failed === 1 ? 'error' : 'errors'}`
  return { wordings: [text], ...(progress.failed > 0 ? { tone: 'red' as const } : {}) }
}

const eventLoop: LiveFigure = ({ seconds }) => {
  const found = seconds.of('target_event_loop_delay', 'p(99)')
  if (!found) return null
  const value = measured(found.value, ' ms')
  return { wordings: [`event-loop delay p99 ${value}`, `loop ${value}`], values: found.values }
}

const memory: LiveFigure = ({ seconds }) => {
  const found = seconds.of('target_rss', 'value')
  if (!found) return null
  const value = measured(found.value, ' MB')
  return { wordings: [`memory ${value}`, `mem ${value}`], values: found.values }
}

/**
 * The figures side by side: in long wordings where all fit so, else in short ones, the last left out where even these do not;
 * the cells that are left are shared among the sparklines.
 */
const figures =
  (table: readonly LiveFigure[]): LiveLine =>
  (moment, cells) => {
    const told = table.flatMap((figure) => figure(moment) ?? [])
    const long = told.map(({ wordings: [text], ...rest }) => ({ text, ...rest }))
    const short = told.map(({ wordings, ...rest }) => ({ text: wordings.at(-1)!, ...rest }))
    const withSparklines = widthOf(long) + leastSparkline * long.filter(({ values }) => values).length
    const chosen = withSparklines <= cells ? long : short
    while (chosen.length > 0 && widthOf(chosen) > cells) chosen.pop()
    return chosen.length > 0 ? drawn(chosen, cells) : null
  }

interface Placed extends Omit<Figure, 'wordings'> {
  text: string
}

const gap = '  '
const leastSparkline = 5
const widestSparkline = 20

const widthOf = (placed: readonly Placed[]): number =>
  placed.reduce((sum, { text }) => sum + cellsOf(text), gap.length * (placed.length - 1))

function drawn(placed: readonly Placed[], cells: number): Line {
  const moving = placed.filter(({ values }) => values).length
  const share = moving > 0 ? Math.floor((cells - widthOf(placed)) / moving) - 1 : 0
  const width = share < leastSparkline - 1 ? 0 : Math.min(share, widestSparkline)
  return placed.flatMap(({ text, values, tone }, at) => [
    { text: at > 0 ? gap : '' },
    { text, ...(tone ? { tone } : {}) },
    ...(values && width > 0
      ? [{ text: ' ' }, { text: sparkline(values, width).padEnd(width), tone: 'cyan' as const }]
      : []),
  ])
}

/** The lines of the block from the top, the figures of a line from the left: whoever has more to tell adds it here. */
const liveLines: readonly LiveLine[] = [
  whatRuns,
  wholeCourse,
  figures([sessions, rate, latency]),
  figures([errors, eventLoop, memory]),
]

/** @param rows at most so many lines, the first ones */
export const drawLines = (moment: Moment, cells: number, rows: number): Line[] =>
  liveLines.flatMap((line) => [line(moment, cells) ?? []].filter(({ length }) => length > 0)).slice(0, rows)

const whole = (count: number): string => Math.round(count).toLocaleString('en-US')

/** What stands where the newest second has no number. */
const noValue = '–'

const measured = (value: number | null, unit: string): string => (value === null ? noValue : rounded(value) + unit)

/** Three digits are what can be read at a glance. */
const rounded = (value: number): string =>
  Math.abs(value) >= 100 ? whole(value) : String(Number(value.toPrecision(3)))
