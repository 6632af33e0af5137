const bars = '▁▂▃▄▅▆▇█'

/**
 * Values as a line of bars, the smallest the lowest and a gap for null; of more than `width` values the last ones.
 * Differences of less than a hundredth of the values are not drawn as if they were large.
 */
export function sparkline(values: readonly (number | null)[], width: number): string {
  const shown = values.slice(-width)
  const known = shown.filter((value) => value !== null)
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const middle = (low + high) / 2
  const half = Math.max((high - low) / 2, Math.abs(middle) * leastSpread)
  const drawn = (value: number) => bars[half === 0 ? 3 : barOf((value - middle) / half)]
  return shown.map((value) => (value === null ? ' ' : drawn(value))).join('')
}

/** Half of what the bars span at the least, as a share of the values. */
const leastSpread = 0.01

/** @param place from -1 to 1 */
const barOf = (place: number): number => Math.round(((place + 1) / 2) * (bars.length - 1))
