import { failures, TrialReadings } from '../../../reports/live/figures.ts'
import type { LiveUpdate } from '../../../reports/live/state.ts'
import { type Clock, systemClock } from '../../clock.ts'
import type { LoadProgress } from '../../engine/port.ts'
import { cellsOf, cut, fold, harmless } from './cells.ts'
import { drawLines } from './lines.ts'
import { type Course, type Moment, Seconds, type Title } from './moment.ts'
import { MovingBlock, type Tone } from './moving-block.ts'
import { type Environment, isLive, type Output } from './output.ts'

export interface ViewSetting {
  clock?: Clock
  env?: Environment
  /** What else may lead to the same terminal. */
  beside?: readonly Output[]
  /** Pages that show the same. */
  pages?: Pages | null
}

/** Whoever shows elsewhere what a terminal shows. */
export interface Pages {
  tell(update: LiveUpdate): void
}

/** A line that stays. */
export interface StayingLine {
  tone?: Tone
  /** On a terminal the first of these that fits stands for it: what the block tells need not stand there too. */
  live?: readonly string[]
}

/**
 * What a command shows while it measures: lines that stay and, on a terminal, a block below them that moves. Into a file,
 * in CI and on a dumb terminal there are only the lines, without escape codes.
 */
export class LiveView {
  private readonly output: Output
  private readonly block: MovingBlock | null
  private readonly seconds = new Seconds()
  private readings = new TrialReadings('')
  private readonly course: () => Course
  private readonly pages: Pages | null
  private trials = 0
  private title: Title = { wordings: [], primary: '' }
  private stageNow = ''
  private progressNow: LoadProgress | null = null

  /** @param course asked whenever the block is drawn */
  constructor(
    output: Output,
    course: () => Course,
    { clock = systemClock, env = process.env, beside = [process.stderr], pages = null }: ViewSetting = {},
  ) {
    this.output = output
    this.pages = pages
    this.course = course
    this.block = isLive(output, env)
      ? new MovingBlock(output, { beside, clock }, (cells, rows) => drawLines(this.moment(), cells, rows))
      : null
  }

  /** Whether there is a block that moves: what it tells need not be told in lines. */
  get isMoving(): boolean {
    return this.block !== null
  }

  private moment(): Moment {
    const { title, stageNow: stage, progressNow: progress, seconds } = this
    return { title, stage, course: this.course(), progress, seconds }
  }

  line(text: string, { tone, live = [text] }: StayingLine = {}): void {
    const { block } = this
    const lines = harmless(text).split('\n')
    this.pages?.tell({ lines: lines.map((line) => ({ text: cut(line, mostOnPages), isFault: tone === 'red' })) })
    if (!block) return void this.output.write(lines.map((line) => `${line}\n`).join(''))
    const shown = lines.length > 1 ? lines : [longestThatFits(live.map(harmless), block.cells)]
    for (const line of shown.flatMap((each) => fold(each, block.cells)))
      block.stay([{ text: line, ...(tone ? { tone } : {}) }])
  }

  trialStarted(title: Title): void {
    this.title = { ...title, wordings: title.wordings.map(harmless) }
    this.stageNow = ''
    this.progressNow = null
    this.seconds.clear()
    this.readings = new TrialReadings(title.primary)
    this.trials += 1
    const { wordings } = this.title
    this.pages?.tell({ trial: { number: this.trials, title: wordings[0] ?? '' }, course: this.course() })
    this.block?.open()
    this.block?.changed()
  }

  stage(text: string): void {
    this.stageNow = text
    this.pages?.tell({ stage: text, course: this.course() })
    this.block?.changed()
  }

  progress(progress: LoadProgress): void {
    this.progressNow = progress
    this.seconds.add(progress.second)
    this.pages?.tell({ ...this.secondOf(progress), course: this.course() })
    this.block?.changed()
  }

  private secondOf({ elapsedS, durationS, failed, second }: LoadProgress): LiveUpdate {
    const readings = this.readings.of([...second, { ...failures, value: failed }])
    return { load: { elapsedS, durationS }, seconds: [{ at: elapsedS, readings }] }
  }

  /** Takes the block away, if there is one; with the next trial it is back. */
  end(): void {
    this.block?.close()
  }
}

/** Cells of a line: last words of a process may be long, and pages are sent them. */
const mostOnPages = 1000

/** Where none does it is the shortest one, which is then folded: of a line that stays nothing is cut off. */
const longestThatFits = (wordings: readonly string[], cells: number): string =>
  wordings.find((wording) => cellsOf(wording) <= cells) ?? wordings.at(-1)!
