import { growth, type Sides } from './difference.ts'
import type { FrameKind, Place } from './place.ts'

/** `12.3%`; what is there, however little, is never zero. */
export function shareInWords(share: number): string {
  const percent = 100 * share
  if (percent > 0 && percent < 0.05) return '< 0.1%'
  return `${percent.toFixed(1)}%`
}

/** What a share changed by, in points of a hundred: `+3.1`, `−0.4`, `0.0`. */
export function pointsInWords(change: number): string {
  const points = (100 * Math.abs(change)).toFixed(1)
  if (Number(points) === 0) return '0.0'
  return `${change > 0 ? '+' : '\u2212'}${points}`
}

/** The same of both sides of it. */
export const growthInWords = (sides: Sides): string => pointsInWords(growth(sides))

/** `reference/turn.ts:42`; of V8 what it is. */
export const placeInWords = ({ file, kind }: Place, line: number | null): string => {
  if (kind === 'engine') return 'V8, or native'
  return line === null ? file : `${file}:${line}`
}

/** What kinds of functions are called, in the order of a legend. */
export const kindsInWords: Readonly<Record<FrameKind, string>> = {
  own: 'the program',
  package: 'its packages',
  node: 'Node',
  engine: 'V8, or native',
}
