import { describeMetric, type Unit } from '../../harness/metrics/table.ts'
import { formatStat } from '../format.ts'
import type { LiveReading } from './state.ts'

/** What is shown of every second of a load: a number of its own and a chart. */
export interface LiveFigure {
  id: string
  title: string
  /** How to read it. */
  help: string
  /** Which series it shows: all that are there of the first of these that has any value. */
  choices(primary: string): readonly Choice[]
}

interface Choice {
  metric: string
  stats: readonly string[]
}

/** The newest value of a series, as an engine or the target tells it; null where that second has none. */
export interface ValueNow {
  metric: string
  stat: string
  unit: Unit
  value: number | null
  /** For people, where it is in no table of metrics. */
  label?: string
}

/** Under this name stand the failures so far, which are no metric of their own. */
export const failures: Omit<ValueNow, 'value'> = {
  metric: 'failures',
  stat: 'value',
  unit: 'count',
  label: 'Failed requests',
}

const latencies = (primary: string): string[] => [
  primary,
  'http_req_intended_duration',
  'http_req_duration',
  'iteration_duration',
]

const of = (metric: string, ...stats: string[]): Choice => ({ metric, stats })

/** In page order. A new one is one row here. */
export const liveFigures: readonly LiveFigure[] = [
  {
    id: 'latency',
    title: 'How long does it take?',
    help: 'Percentiles of each second. Lower is better; spikes are stalls.',
    choices: (primary) => latencies(primary).map((metric) => of(metric, 'p(50)', 'p(95)', 'p(99)')),
  },
  {
    id: 'rate',
    title: 'How much is done each second?',
    help: 'Where the load has a pace it should be level: below it the server does not keep up.',
    choices: () => [of('throughput', 'value'), of('iterations', 'rate'), of('http_reqs', 'rate')],
  },
  {
    id: 'sessions',
    title: 'How many are there?',
    help: 'Open sessions, or users where the script holds none.',
    choices: () => [of('ws_sessions_open', 'value'), of('vus', 'value')],
  },
  {
    id: 'failures',
    title: 'What went wrong?',
    help: 'Failed requests since the load began; a level line is none more.',
    choices: () => [of(failures.metric, failures.stat)],
  },
  {
    id: 'event-loop',
    title: 'Is the server’s event loop held up?',
    help: 'How late the loop came round in each second. While it is late, every session waits.',
    choices: () => [of('target_event_loop_delay', 'p(99)', 'max')],
  },
  {
    id: 'memory',
    title: 'How much memory does the server hold?',
    help: 'Resident memory of the process as the system sees it.',
    choices: () => [of('target_rss', 'value')],
  },
]

/**
 * What the figures show of a trial's seconds. A figure stays with what it has shown through seconds that have none of it:
 * only what stands before that in its choices, and has come later, takes its place.
 */
export class TrialReadings {
  private readonly primary: string
  /** By figure, which of its choices it shows. */
  private readonly chosen = new Map<string, number>()

  /** @param primary the trial's primary metric, without scope and statistic */
  constructor(primary: string) {
    this.primary = primary
  }

  /** Of one second; nothing of a figure that has nothing to show of it. */
  of(values: readonly ValueNow[]): LiveReading[] {
    return liveFigures.flatMap((figure) => {
      const choices = figure.choices(this.primary)
      const worst = this.chosen.get(figure.id) ?? choices.length - 1
      const readings = choices.slice(0, worst + 1).map((choice) => readingsOf(figure, choice, values))
      const chosen = readings.findIndex(({ length }) => length > 0)
      if (chosen >= 0) this.chosen.set(figure.id, chosen)
      return readings[chosen] ?? []
    })
  }
}

const readingsOf = (figure: LiveFigure, { metric, stats }: Choice, values: readonly ValueNow[]): LiveReading[] =>
  stats
    .flatMap((stat) => values.filter((each) => each.metric === metric && each.stat === stat))
    .flatMap((each) => readingOf(figure, each))

function readingOf({ id }: LiveFigure, { metric, stat, unit, value, label }: ValueNow): LiveReading[] {
  if (value === null || !Number.isFinite(value)) return []
  return [{ figure: id, line: formatStat(stat), subject: label ?? describeMetric(metric).label, unit, value }]
}
