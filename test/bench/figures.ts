import { textTable } from './text-table.ts'

/** A measured number and what it shall be. */
export interface Figure {
  what: string
  /** NaN: it could not be measured. */
  value: number
  unit?: string
  digits: number
  target: { atLeast: number } | { atMost: number } | null
}

/** The figures as lines, each beside its target. */
export const figureTable = (figures: readonly Figure[]): string =>
  textTable([['', 'weir', 'target', ''], ...figures.map(rowOf)])

function rowOf({ what, value, unit, digits, target }: Figure): string[] {
  const name = unit ? `${what}, ${unit}` : what
  const isMissing = Number.isNaN(value)
  const figure = isMissing ? '-' : value.toFixed(digits)
  if (target === null) return [name, figure, '', '']
  const isMet = 'atLeast' in target ? value >= target.atLeast : value <= target.atMost
  const bound = 'atLeast' in target ? `at least ${target.atLeast}` : `at most ${target.atMost}`
  return [name, figure, bound, isMissing ? 'not measured' : isMet ? 'met' : 'missed']
}
