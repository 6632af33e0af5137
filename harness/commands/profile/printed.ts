import { changesOf, grownMost } from '../../../reports/profile/difference.ts'
import { type FunctionShare, functionsOf } from '../../../reports/profile/functions.ts'
import type { ProfileTree } from '../../../reports/profile/tree.ts'
import { growthInWords, placeInWords, shareInWords } from '../../../reports/profile/words.ts'
import { plain } from '../../compare/columns.ts'

const most = 10
const width = 80

/** The functions that take most of the work by themselves. */
export function formatFunctions(tree: ProfileTree): string {
  const rows = functionsOf(tree, true).slice(0, most)
  return [
    'share of the work, by itself and with what it calls:',
    line(['self', 'total'], 'function'),
    ...rows.map((row) => line([shareInWords(row.self), shareInWords(row.total)], nameOf(row))),
  ].join('\n')
}

/** The functions whose own share grew most. */
export function formatChanges(
  before: ProfileTree,
  after: ProfileTree,
  { variant, against }: { variant: string; against: string },
): string {
  const rows = grownMost(changesOf(before, after), most)
  if (rows.length === 0) return plain(`no function has a larger share of ${variant} than of ${against}`)
  return [
    plain(`grew most from ${against} to ${variant}, in points of the work, by itself:`),
    line(['grew', 'before', 'after'], 'function'),
    ...rows.map(({ self, ...row }) =>
      line([growthInWords(self), shareInWords(self.before), shareInWords(self.after)], nameOf(row)),
    ),
  ].join('\n')
}

const nameOf = (row: Pick<FunctionShare, 'name' | 'file' | 'kind' | 'line'>): string =>
  `${row.name}  ${placeInWords(row, row.line)}`

/** What is longer than the line loses its middle: the function's name and the file's end tell most. */
function line(numbers: readonly string[], name: string): string {
  const head = numbers.map((each) => each.padStart(8)).join('')
  const left = width - head.length - 2
  const text = plain(name)
  if (text.length <= left) return `${head}  ${text}`
  const end = Math.floor((left - 1) / 2)
  return `${head}  ${text.slice(0, left - 1 - end)}…${text.slice(-end)}`
}
