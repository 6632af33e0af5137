import { line, rule, strokes, text } from './svg.ts'

/** One pair of axes: shares from 0 to 100% over something. */
export interface Panel {
  x: number
  y: number
  width: number
  height: number
  title: string
  xTitle: string
  /** Ascending from the left end to the right end. */
  xTicks: number[]
  series: { points: readonly (readonly [x: number, share: number])[]; series: number }[]
}

const shareTicks = [0, 0.25, 0.5, 0.75, 1]

export function panel({ x, y, width, height, title, xTitle, xTicks, series }: Panel): string[] {
  const [first, last] = [xTicks[0]!, xTicks.at(-1)!]
  const toX = (value: number) => x + (width * (Math.min(value, last) - first)) / (last - first)
  const toY = (share: number) => y + height * (1 - share)
  return [
    text(x, y - 10, title, 'start', 'title'),
    ...shareTicks.flatMap((share) => [
      rule(x, toY(share), x + width, toY(share), 'grid'),
      text(x - 6, toY(share) + 4, `${100 * share}%`, 'end', 'soft'),
    ]),
    ...xTicks.map((tick) => text(toX(tick), y + height + 16, String(tick), 'middle', 'soft')),
    text(x + width / 2, y + height + 32, xTitle, 'middle', 'soft'),
    ...series.map(({ points, series: at }) =>
      line(
        points.map(([value, share]) => [toX(value), toY(share)]),
        at,
      ),
    ),
  ]
}

/** One line a series, from the top down. */
export const legend = (x: number, y: number, titles: readonly string[]): string[] =>
  titles.flatMap((title, at) => [
    line(
      [
        [x, y + 18 * at],
        [x + 28, y + 18 * at],
      ],
      at % strokes.length,
    ),
    text(x + 36, y + 18 * at + 4, title),
  ])

/** Round steps of 1, 2 or 5 that reach the value. */
export function ticksTo(most: number, steps = 5): number[] {
  const rough = most / steps
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10)
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, at) => Number((at * step).toPrecision(12)))
}
