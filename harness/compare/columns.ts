export interface Column {
  title: string
  align: 'left' | 'right'
  cells: string[]
  /** May be shortened with an ellipsis down to this width. */
  minWidth?: number
  /** May be left out where the table is too wide, the highest number first. */
  expendable?: number
  /** Colours a cell; called after padding, so that colours do not count as width. */
  paint?: (text: string, row: number) => string
}

const gap = '  '
const indent = '  '

/**
 * Lays columns out as lines, a line of titles first. To keep within `width` characters, text is shortened where a
 * column allows it; if that is not enough, columns are left out. A column without any text is always left out.
 */
export function layOut(columns: Column[], width: number): string[] {
  const shown = fit(
    columns.filter(({ cells }) => cells.some((cell) => cell !== '')),
    width,
  )
  const widths = shorten(shown, width)
  const titles = shown.map(({ title, align }, at) => pad(title, widths[at]!, align))
  const rows = shown[0]?.cells.map((_, row) => shown.map((column, at) => cellOf(column, widths[at]!, row))) ?? []
  return [titles, ...rows].map((texts) => (indent + texts.join(gap)).trimEnd())
}

function cellOf({ cells, align, paint }: Column, width: number, row: number): string {
  const text = pad(cells[row]!, width, align)
  return paint ? paint(text, row) : text
}

/** Leaves out expendable columns until the rest can be brought to the width. */
function fit(columns: Column[], width: number): Column[] {
  const least = lineWidth(columns.map((column) => Math.min(naturalWidth(column), column.minWidth ?? Infinity)))
  const next = Math.max(...columns.map(({ expendable = 0 }) => expendable))
  if (least <= width || next <= 0) return columns
  return fit(
    columns.filter(({ expendable = 0 }) => expendable !== next),
    width,
  )
}

/** Takes what is too much from the first column that gives way, then from the next. */
function shorten(columns: Column[], width: number): number[] {
  const widths = columns.map(naturalWidth)
  for (const [at, { minWidth }] of columns.entries()) {
    const excess = lineWidth(widths) - width
    if (minWidth !== undefined && excess > 0)
      widths[at] = Math.max(Math.min(minWidth, widths[at]!), widths[at]! - excess)
  }
  return widths
}

const naturalWidth = ({ title, cells }: Column): number => Math.max(title.length, ...cells.map((cell) => cell.length))

const lineWidth = (widths: number[]): number =>
  indent.length + gap.length * (widths.length - 1) + widths.reduce((sum, each) => sum + each, 0)

function pad(text: string, width: number, align: Column['align']): string {
  const short = clipMiddle(text, width)
  return align === 'left' ? short.padEnd(width) : short.padStart(width)
}

/** Names that are alike differ at their ends as often as at their beginnings, so both are kept. */
function clipMiddle(text: string, width: number): string {
  if (text.length <= width) return text
  const tail = Math.floor((width - 1) / 2)
  return `${text.slice(0, width - 1 - tail)}…${text.slice(text.length - tail)}`
}

/** At most `width` characters; an ellipsis stands for what was cut off. */
export const clip = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`

/** A text as lines of at most `width` characters, all but the first indented deeper. */
export function wrap(text: string, width: number): string[] {
  const lines = [indent]
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!
    const isStart = line.trim() === ''
    if (!isStart && line.length + 1 + word.length > width) lines.push(clip(`${indent}${indent}${word}`, width))
    else lines[lines.length - 1] = clip(isStart ? line + word : `${line} ${word}`, width)
  }
  return lines
}

/** Names and messages come from outside: what moves the cursor or turns the line round must not reach the terminal, and a line stays a line. */
export const plain = (text: string): string =>
  text
    .replace(/\p{Bidi_Control}/gu, '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()

type Cells = Pick<Column, 'title' | 'cells'>

/** What a column takes of a line, with the space before it. */
export const widthOf = ({ title, cells }: Cells): number =>
  2 + Math.max(title.length, ...cells.map((cell) => cell.length))

/** In order, as many to a group as fit into the space; at least one. */
export function groupByWidth<C extends Cells>(columns: C[], space: number): C[][] {
  const groups: C[][] = []
  let left = 0
  for (const column of columns) {
    const last = groups.at(-1)
    if (last && widthOf(column) <= left) last.push(column)
    else {
      groups.push([column])
      left = space
    }
    left -= widthOf(column)
  }
  return groups
}
