import { styleText } from 'node:util'
import type { Clock, Timer } from '../../clock.ts'
import { atDeath } from '../../target/leftovers.ts'
import { type Around, type Output, standAround } from './output.ts'

export type Tone = 'green' | 'cyan' | 'red' | 'dim'

/** A part of a line; without tone it looks as text does. */
export interface Span {
  text: string
  tone?: Tone
}

export type Line = readonly Span[]

const leastBetweenFramesMs = 250
/** Time left goes on also where nothing happens. */
const mostBetweenFramesMs = 1000

const toTop = '\r'
const restOfLine = '\x1b[K'
const restOfScreen = '\x1b[J'
const hideCursor = '\x1b[?25l'
const showCursor = '\x1b[?25h'
const up = (rows: number): string => (rows > 0 ? `\x1b[${rows}A` : '')
const down = (rows: number): string => (rows > 0 ? `\x1b[${rows}B` : '')

/**
 * Lines at the bottom of a terminal that are drawn over, below lines that stay. A frame is written at once, four times a
 * second at the most, and only lines that changed are.
 *
 * Between frames the (hidden) cursor rests at the start of the block's first line. Terminals keep it there when the window
 * changes its width and they break lines anew, so that "from here to the end of the screen" is always the block.
 */
export class MovingBlock {
  private readonly output: Output
  private readonly beside: readonly Output[]
  private readonly clock: Clock
  private readonly draw: (cells: number, rows: number) => readonly Line[]
  private write: (text: string) => void
  private closings: (() => void)[] = []
  /** What stands on the screen, line by line; null: it has to be drawn anew as a whole. */
  private drawn: string[] | null = null
  private staying: string[] = []
  private lastFrameMs = Number.NEGATIVE_INFINITY
  private timer: { due: number; timer: Timer } | null = null
  /** Somebody else's line has no end yet. */
  private isWithinLine = false

  /**
   * @param beside other streams that may lead to the same terminal
   * @param draw gives the lines, each of at most so many cells, and at most so many
   */
  constructor(
    output: Output,
    setting: { beside: readonly Output[]; clock: Clock },
    draw: (cells: number, rows: number) => readonly Line[],
  ) {
    this.output = output
    this.beside = setting.beside
    this.clock = setting.clock
    this.draw = draw
    this.write = (text) => void output.write(text)
  }

  get isOpen(): boolean {
    return this.closings.length > 0
  }

  /** The last column stays free: some terminals go on to the next line when it is written. */
  get cells(): number {
    return Math.max(1, (this.output.columns || 80) - 1)
  }

  open(): void {
    if (this.isOpen) return
    const around: Around = (text, pass) => this.makeRoom(text, pass)
    const own = standAround(this.output, around)
    const others = this.beside.filter(({ isTTY }) => isTTY).map((each) => standAround(each, around))
    const resized = (): void => {
      this.drawn = null
      this.changed()
    }
    this.output.on?.('resize', resized)
    this.write = own.write
    this.closings = [
      ...[own, ...others].map(({ stop }) => stop),
      () => this.output.off?.('resize', resized),
      atDeath(() => this.close()),
    ]
    this.write(hideCursor)
    this.changed()
  }

  /** What the lines tell has changed. */
  changed(): void {
    if (this.isOpen) this.frameAt(this.lastFrameMs + leastBetweenFramesMs)
  }

  /** A line that stays, above the block. */
  stay(line: Line): void {
    const text = this.inColors(line)
    if (this.isOpen) this.staying.push(text)
    else this.write(`${text}\n`)
    this.changed()
  }

  private frameAt(due: number): void {
    if (this.timer && this.timer.due <= due) return
    this.forgetTimer()
    const inMs = due - this.clock.now()
    if (inMs <= 0) this.frame()
    else this.timer = { due, timer: this.clock.setTimer(() => this.frame(), inMs) }
  }

  private forgetTimer(): void {
    if (this.timer) this.clock.clearTimer(this.timer.timer)
    this.timer = null
  }

  private frame(): void {
    this.forgetTimer()
    this.lastFrameMs = this.clock.now()
    const rows = Math.max(0, (this.output.rows || 24) - 1)
    const lines = this.draw(this.cells, rows).slice(0, rows)
    this.show(lines.map((line) => this.inColors(line)))
    this.frameAt(this.lastFrameMs + mostBetweenFramesMs)
  }

  private show(lines: string[]): void {
    const text =
      this.drawn?.length === lines.length && this.staying.length === 0
        ? changes(this.drawn, lines)
        : `${this.endOfLine()}${this.takeStaying()}${whole(lines)}`
    this.drawn = lines
    if (text !== '') this.write(text)
  }

  private takeStaying(): string {
    return this.staying
      .splice(0)
      .map((line) => `${line}${restOfLine}\n`)
      .join('')
  }

  private endOfLine(): string {
    if (!this.isWithinLine) return toTop
    this.isWithinLine = false
    return '\n'
  }

  /** The block goes while somebody else writes, and comes back below that. */
  private makeRoom(text: string, pass: () => unknown): unknown {
    if (text === '') return pass()
    if (!this.isWithinLine) this.write(`${toTop}${this.takeStaying()}${restOfScreen}`)
    const result = pass()
    this.isWithinLine = !text.endsWith('\n')
    this.drawn = null
    if (!this.isWithinLine) this.changed()
    return result
  }

  /** Takes the block away and gives the terminal back. */
  close(): void {
    if (!this.isOpen) return
    this.forgetTimer()
    this.write(`${this.endOfLine()}${this.takeStaying()}${restOfScreen}${showCursor}`)
    for (const close of this.closings.splice(0)) close()
    this.write = (text) => void this.output.write(text)
    this.drawn = null
  }

  private inColors(line: Line): string {
    return line.map(({ text, tone }) => (tone ? styleText(tone, text, { validateStream: false }) : text)).join('')
  }
}

/** All lines, from the top to the bottom and back: what stood there is written over, not wiped first. */
const whole = (lines: readonly string[]): string =>
  `${lines.join(`${restOfLine}\n`)}${restOfLine}${restOfScreen}${toTop}${up(lines.length - 1)}`

function changes(before: readonly string[], lines: readonly string[]): string {
  const changed = lines.flatMap((line, at) => (line === before[at] ? [] : [at]))
  if (changed.length === 0) return ''
  let at = 0
  let text = ''
  for (const next of changed) {
    text += `${down(next - at)}${lines[next]}${restOfLine}${toTop}`
    at = next
  }
  return text + up(at)
}
