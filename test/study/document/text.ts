/** A table of Markdown: the first column to the left, numbers to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n')
}

/** `0.12%`, `3.4%`, `97%`: of a share, without a sign. */
export function percent(share: number): string {
  const value = 100 * share
  return `${value.toFixed(value === 0 || value >= 9.95 ? 0 : value >= 0.995 ? 1 : 2)}%`
}

/** `+1.02%`, `-0.40%`: of a ratio minus one. */
export const signedPercent = (ratioMinusOne: number): string =>
  `${ratioMinusOne < 0 ? '-' : '+'}${(100 * Math.abs(ratioMinusOne)).toFixed(2)}%`

/** `+1.02% (+0.80 to +1.24)` */
export function interval({ estimate, lower, upper }: { estimate: number; lower: number | null; upper: number | null }) {
  if (lower === null || upper === null) return signedPercent(estimate)
  return `${signedPercent(estimate)} (${signedPercent(lower).slice(0, -1)} to ${signedPercent(upper).slice(0, -1)})`
}

/** `2.1 min`, `24 min` */
export const minutesText = (minutes: number): string => `${minutes.toFixed(minutes < 9.95 ? 1 : 0)} min`
