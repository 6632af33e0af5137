import type { Unit } from '../../harness/metrics/table.ts'

/**
 * What a live page knows. The server keeps it and sends it whole to whoever comes; after that only what changed. Both ends
 * put changes in with `afterUpdate`, so that a page that was there from the begin shows what a reloaded one does.
 */
export interface LiveState {
  /** `weir run main` */
  command: string
  /** Null until the first trial begins. */
  trial: LiveTrial | null
  /** `warming up` */
  stage: string
  course: LiveCourse | null
  /** How far the load is; null until it has begun. */
  load: { elapsedS: number; durationS: number } | null
  /** Of the trial that runs, the last seconds. */
  series: LiveSeries[]
  /** What the terminal says line by line, the newest last. */
  lines: LiveLine[]
  /** Null while it goes on. */
  ending: LiveEnding | null
}

export interface LiveTrial {
  /** Counts the trials of this command, from 1 on. */
  number: number
  /** `trial 3/6  block 2/3  turns  optimized` */
  title: string
}

/** How far the whole is. `isLimit`: it ends when it has its answer. */
export interface LiveCourse {
  spentS: number
  leftS: number
  isLimit: boolean
}

/** One number of a second, and the figure that shows it. */
export interface LiveReading {
  /** Its id. */
  figure: string
  /** What tells it from others in the figure: `p95`; empty where it is the only one. */
  line: string
  /** What it is, for people: `HTTP time from intended start`. */
  subject: string
  unit: Unit
  value: number
}

export interface LiveSeries extends Omit<LiveReading, 'value'> {
  /** Null where that second has none. */
  points: [seconds: number, value: number | null][]
}

export interface LiveLine {
  text: string
  isFault: boolean
}

export interface LiveEnding {
  outcome: 'finished' | 'interrupted' | 'failed'
  /** Where the report is, as a path for people; null where there is none. */
  report: string | null
  /** What came of it, as the terminal shows it. */
  verdicts: string
}

/** What changed. A trial that begins takes with it what was known of the one before. */
export interface LiveUpdate {
  trial?: LiveTrial
  stage?: string
  course?: LiveCourse
  load?: { elapsedS: number; durationS: number }
  seconds?: { at: number; readings: LiveReading[] }[]
  lines?: LiveLine[]
  ending?: LiveEnding
}

/** Seconds of a trial that are kept: about as many as a chart has room for. */
export const mostSeconds = 300
/** Lines that are kept. */
export const mostLines = 500

export const firstState = (command: string): LiveState => ({
  command,
  trial: null,
  stage: '',
  course: null,
  load: null,
  series: [],
  lines: [],
  ending: null,
})

/** Pure: the state before is left as it is. */
export function afterUpdate(before: LiveState, update: LiveUpdate): LiveState {
  const { trial, seconds = [], lines = [], ...replaced } = update
  const begun = trial ? { ...before, trial, stage: '', load: null, series: [] } : before
  return {
    ...begun,
    ...replaced,
    series: seconds.reduce((series, { at, readings }) => withSecond(series, at, readings), begun.series),
    lines: [...begun.lines, ...lines].slice(-mostLines),
  }
}

/** Two updates as one. */
export function joined(first: LiveUpdate, then: LiveUpdate): LiveUpdate {
  const kept = then.trial ? {} : first
  return {
    ...(first.course ? { course: first.course } : {}),
    ...kept,
    ...then,
    seconds: [...(kept.seconds ?? []), ...(then.seconds ?? [])],
    lines: [...(first.lines ?? []), ...(then.lines ?? [])],
  }
}

function withSecond(series: readonly LiveSeries[], at: number, readings: readonly LiveReading[]): LiveSeries[] {
  const told = new Map(readings.map(({ figure, subject }) => [figure, subject]))
  // A figure that has come to show something else begins anew: the two cannot stand in one chart.
  const kept = series.filter(({ figure, subject }) => (told.get(figure) ?? subject) === subject)
  const isNew = (reading: LiveReading) => !kept.some((each) => isOf(each, reading))
  const all = [...kept, ...readings.filter(isNew).map(({ value: _, ...reading }) => ({ ...reading, points: [] }))]
  return all.map((each) => {
    const value = readings.find((one) => isOf(each, one))?.value ?? null
    const points: LiveSeries['points'] = [...each.points, [at, value]]
    return { ...each, points: points.filter(([t]) => t > at - mostSeconds) }
  })
}

const isOf = (series: Pick<LiveSeries, 'figure' | 'line'>, reading: LiveReading): boolean =>
  series.figure === reading.figure && series.line === reading.line
