import type { EventLoopUtilization } from 'node:perf_hooks'
import type { Second } from './part.ts'

/** What was recorded without a break, within one second: all of it, or as much as lay in one slice. */
export interface SecondPart {
  /** Its length. */
  ms: number
  rates: Second['rates']
  trends: Second['trends']
  /** Of the generator's event loop within it. */
  loop: EventLoopUtilization
  loopDelayMs: number
  rssBytes: number
}

type Together = Pick<Second, 'overS' | 'rates' | 'trends' | 'generator'>

/** One second of the load, which lay in several slices where those are shorter. A metric may stand in it several times. */
export function joinParts(parts: readonly SecondPart[]): Together {
  const sum = (of: (part: SecondPart) => number): number => parts.reduce((total, part) => total + of(part), 0)
  const active = sum(({ loop }) => loop.active)
  const whole = active + sum(({ loop }) => loop.idle)
  return {
    overS: sum(({ ms }) => ms) / 1000,
    rates: parts.flatMap(({ rates }) => rates),
    trends: parts.flatMap(({ trends }) => trends),
    generator: {
      utilization: whole === 0 ? 0 : active / whole,
      loopDelayMs: Math.max(0, ...parts.map(({ loopDelayMs }) => loopDelayMs)),
      rssBytes: parts.at(-1)?.rssBytes ?? 0,
    },
  }
}
