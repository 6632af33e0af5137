import { ToolFailure } from '../failure.ts'

const mostLines = 500

const linesOf = (text: string): string[] => {
  const lines = text.split('\n')
  if (lines.length > mostLines) throw new ToolFailure(`each text may have ${mostLines} lines; one has ${lines.length}`)
  return lines
}

/** `table[i * width + j]`: how many lines the rests of both texts, from their i-th and j-th line on, have in common. */
const commonLines = (before: string[], after: string[]): Uint16Array => {
  const width = after.length + 1
  const table = new Uint16Array((before.length + 1) * width)
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const longer = Math.max(table[(i + 1) * width + j]!, table[i * width + j + 1]!)
      table[i * width + j] = before[i] === after[j] ? table[(i + 1) * width + j + 1]! + 1 : longer
    }
  }
  return table
}

/** The lines that differ, as `-` and `+`, along a longest common subsequence of lines. */
export const run = (texts: { before: string; after: string }): string => {
  const [before, after] = [linesOf(texts.before), linesOf(texts.after)]
  const table = commonLines(before, after)
  const width = after.length + 1
  const changes: string[] = []
  let [i, j] = [0, 0]
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) [i, j] = [i + 1, j + 1]
    else if (j === after.length || (i < before.length && table[(i + 1) * width + j]! >= table[i * width + j + 1]!))
      changes.push(`-${before[i++]}`)
    else changes.push(`+${after[j++]}`)
  }
  return changes.length === 0 ? 'the texts are the same' : changes.join('\n')
}
