import { median } from '../../harness/compare/estimate.ts'

export interface StraightLine {
  slope: number
  /** At x = 0. */
  intercept: number
}

/**
 * The line of Theil and Sen: its slope is the median of the slopes between each two points, its height the median of what is
 * then left. Up to 29% of the points may lie anywhere without moving it, which a collection or a stall in a series is. Null
 * where not two points differ in x.
 */
export function theilSen(points: readonly (readonly [x: number, y: number])[]): StraightLine | null {
  const slopes: number[] = []
  points.forEach(([x1, y1], at) => {
    for (let other = at + 1; other < points.length; other++) {
      const [x2, y2] = points[other]!
      if (x1 !== x2) slopes.push((y2 - y1) / (x2 - x1))
    }
  })
  if (slopes.length === 0) return null
  const slope = median(slopes)
  return { slope, intercept: median(points.map(([x, y]) => y - slope * x)) }
}
