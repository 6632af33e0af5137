import type { Drawing, Line } from './chart.ts'

/** A drawing with as many digits as a screen has pixels for: more would only make the page larger. */
export const roundedDrawing = (drawing: Drawing): Drawing => ({
  ...drawing,
  ...(drawing.yMax === undefined ? {} : { yMax: rounded(drawing.yMax) }),
  lines: drawing.lines.map(roundedLine),
})

const roundedLine = ({ points, intervals, ...line }: Line): Line => ({
  ...line,
  points: points.map(([x, y]) => [rounded(x), y === null ? null : rounded(y)]),
  ...(intervals ? { intervals: intervals.map((each) => each && [rounded(each[0]), rounded(each[1])]) } : {}),
})

const rounded = (value: number): number => Number(value.toPrecision(4))
