const bars = '▁▂▃▄▅▆▇█'

/**
 * Values as a line of bars, the smallest the lowest; of more than `width` values the last ones. Differences of less than a
 * hundredth of the values are not drawn as if they were large.
 */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.slice(-width)
  const [low, high] = [Math.min(...shown), Math.max(...shown)]
  const middle = (low + high) / 2
  const half = Math.max((high - low) / 2, Math.abs(middle) * leastSpread)
  return shown.map((value) => bars[half === 0 ? 3 : barOf((value - middle) / half)]).join('')
}

/** Half of what the bars span at the least, as a share of the values. */
const leastSpread = 0.01

/** @param place from -1 to 1 */
const barOf = (place: number): number => Math.round(((place + 1) / 2) * (bars.length - 1))
