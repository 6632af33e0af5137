import assert from 'node:assert/strict'
import type { Output } from '../../harness/commands/live/output.ts'

interface Row {
  /** A wide character takes two cells, of which the second is empty. */
  cells: string[]
  /** The next row goes on with this one's line: it did not fit. */
  isWrapped: boolean
}

const emptyRow = (): Row => ({ cells: [], isWrapped: false })

/**
 * As much of a terminal as is needed to see what written bytes look like on it. An escape code that it does not know fails
 * the test. What scrolls out at the top is kept.
 */
export class Terminal implements Output {
  readonly isTTY = true
  columns: number
  readonly rows: number
  isCursorVisible = true
  /** How often a line was too long and went on in the next row. */
  wraps = 0
  /** All that was written, write by write. */
  readonly writes: string[] = []
  /** Whether a window that gets narrower or wider breaks lines anew, as most terminals do and xterm does not. */
  private readonly reflows: boolean
  private readonly listeners = new Set<() => void>()
  private buffer: Row[] = [emptyRow()]
  private row = 0
  private column = 0

  constructor({ columns = 80, rows = 24, reflows = true } = {}) {
    this.columns = columns
    this.rows = rows
    this.reflows = reflows
  }

  write(text: string): boolean {
    this.writes.push(text)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is read
    const tokens = text.match(/\x1b\[\??[\d;]*[A-Za-z]|[^\x1b]|\x1b/gu) ?? []
    for (const token of tokens) this.take(token)
    return true
  }

  on(_event: 'resize', listener: () => void): void {
    this.listeners.add(listener)
  }

  off(_event: 'resize', listener: () => void): void {
    this.listeners.delete(listener)
  }

  get listenerCount(): number {
    return this.listeners.size
  }

  /** All lines as they stand there, also those that have scrolled out, without empty ones at the end. */
  lines(): string[] {
    const lines = this.buffer.map(({ cells }) => cells.join('').trimEnd())
    while (lines.at(-1) === '') lines.pop()
    return lines
  }

  resize(columns: number): void {
    if (this.reflows) this.reflow(columns)
    else for (const row of this.buffer) row.cells.length = Math.min(row.cells.length, columns)
    this.columns = columns
    for (const listener of this.listeners) listener()
  }

  private reflow(columns: number): void {
    const buffer: Row[] = []
    let cursor = { row: 0, column: 0 }
    let line: string[] = []
    for (const [at, { cells, isWrapped }] of this.buffer.entries()) {
      const offset = at === this.row ? line.length + this.column : null
      line.push(...cells)
      if (offset !== null) cursor = { row: buffer.length + Math.floor(offset / columns), column: offset % columns }
      if (isWrapped) continue
      buffer.push(...broken(line, columns))
      line = []
    }
    this.buffer = buffer
    this.row = cursor.row
    this.column = cursor.column
    this.rowAt(this.row)
  }

  private take(token: string): void {
    if (token === '\n') this.newLine()
    else if (token === '\r') this.column = 0
    else if (token.startsWith('\x1b')) this.command(token)
    else this.put(token)
  }

  private put(character: string): void {
    assert.ok(character >= ' ', `a control character: ${JSON.stringify(character)}`)
    const width = /[\p{Script=Han}\p{Emoji_Presentation}]/u.test(character) ? 2 : 1
    if (this.column + width > this.columns) {
      this.wraps++
      this.rowAt(this.row).isWrapped = true
      this.newLine()
    }
    const { cells } = this.rowAt(this.row)
    while (cells.length < this.column) cells.push(' ')
    cells.splice(this.column, width, character, ...(width === 2 ? [''] : []))
    this.column += width
  }

  /** The driver of a terminal goes to the first column, too. */
  private newLine(): void {
    this.row++
    this.column = 0
    this.rowAt(this.row)
  }

  private command(code: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is read
    const { count = '', name } = /^\x1b\[(?<count>[\d;?]*)(?<name>[A-Za-z])$/.exec(code)?.groups ?? {}
    const steps = Number(count || 1)
    if (name === 'A') this.row = Math.max(this.topRow, this.row - steps)
    else if (name === 'B') this.row = Math.min(this.topRow + this.rows - 1, this.row + steps)
    else if (name === 'K' && count === '') this.rowAt(this.row).cells.length = Math.min(this.column, this.cellsHere)
    else if (name === 'J' && count === '') this.clearBelow()
    else if (code === '\x1b[?25l') this.isCursorVisible = false
    else if (code === '\x1b[?25h') this.isCursorVisible = true
    else assert.equal(name, 'm', `an escape code that is not known here: ${JSON.stringify(code)}`)
  }

  private get cellsHere(): number {
    return this.rowAt(this.row).cells.length
  }

  private get topRow(): number {
    return Math.max(0, this.buffer.length - this.rows)
  }

  private clearBelow(): void {
    const here = this.rowAt(this.row)
    here.cells.length = Math.min(this.column, here.cells.length)
    here.isWrapped = false
    for (const row of this.buffer.slice(this.row + 1)) Object.assign(row, emptyRow())
  }

  private rowAt(at: number): Row {
    while (this.buffer.length <= at) this.buffer.push(emptyRow())
    return this.buffer[at]!
  }
}

function broken(line: string[], columns: number): Row[] {
  const rows: Row[] = []
  for (let at = 0; at === 0 || at < line.length; at += columns)
    rows.push({ cells: line.slice(at, at + columns), isWrapped: at + columns < line.length })
  return rows
}
