/** Those that a record holds of every distribution. */
export const observedPercentiles: readonly number[] = [50, 90, 95, 99, 99.9]

/** A tail stands on the samples beyond it: 370 in all for p99, 3,700 for p99.9; never fewer. */
export const hasEnoughFor = (percent: number, count: number): boolean =>
  percent < 99 || count >= Math.round(370 / (100 - percent))
