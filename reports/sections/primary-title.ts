import { formatScope, formatStat } from '../format.ts'
import type { PrimaryMetric } from '../view.ts'

const betterWords = { lower: 'lower is better', higher: 'higher is better', none: null }

/** `turn intended duration, p50, paced; lower is better`. */
export function primaryTitle({ row, stat, scope }: PrimaryMetric): string {
  const title = [row.label, formatStat(stat), formatScope(scope)].filter(Boolean).join(', ')
  const better = betterWords[row.better]
  return better ? `${title}; ${better}` : title
}
