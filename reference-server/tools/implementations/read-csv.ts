import { ToolFailure } from '../failure.ts'

const longestName = 100
const mostRows = 1_000

/** One cell and what ends it: the separator, a line's end, or the end of the text. */
const cellPattern = (separator: string): RegExp =>
  new RegExp(`(?:"((?:[^"]|"")*)"|([^"${separator}\\r\\n]*))(${separator}|\\r?\\n|\\r|$)`, 'y')

/** Rows of cells, as RFC 4180 has them. */
const rowsOf = (csv: string, separator: string): string[][] => {
  const pattern = cellPattern(separator)
  const rows: string[][] = [[]]
  while (pattern.lastIndex < csv.length) {
    const from = pattern.lastIndex
    const [, quoted, plain = '', end = ''] = pattern.exec(csv) ?? fail(csv, from)
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end !== separator && pattern.lastIndex < csv.length) rows.push([])
    else if (end === separator && pattern.lastIndex === csv.length) rows.at(-1)!.push('')
  }
  return rows
}

const fail = (csv: string, from: number): never => {
  const line = csv.slice(0, from).split('\n').length
  throw new ToolFailure(`line ${line}: a quotation mark is not closed, or something follows it in its cell`)
}

/** A JSON array with an object for each row after the header; cells are texts, and those beyond the header are dropped. */
export const run = ({ csv, separator = ',' }: { csv: string; separator?: string }): string => {
  const [header = [], ...rows] = rowsOf(csv, separator)
  if (rows.length > mostRows) throw new ToolFailure(`at most ${mostRows} rows can be read; these are ${rows.length}`)
  const tooLong = header.find((name) => name.length > longestName)
  if (tooLong) throw new ToolFailure(`a column has a name of ${tooLong.length} characters; ${longestName} are allowed`)
  const objects = rows.map((cells) =>
    Object.fromEntries(cells.slice(0, header.length).map((cell, at) => [header[at]!, cell])),
  )
  return JSON.stringify(objects)
}
