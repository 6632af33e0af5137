import { valuesOf } from '../../harness/compare/run-values.ts'
import { type MachineTrends, trendsOf } from '../../harness/compare/trends.ts'
import type { Run } from '../../harness/record/schema.ts'

/**
 * What became of each number from run to run, in order of time and machine by machine: of the primary and headline metrics,
 * never those of two machines or loads together.
 */
export const trendsOfRuns = (runs: readonly Run[]): MachineTrends[] =>
  trendsOf(
    runs.map((run) => valuesOf(run)),
    { scenarios: [], metrics: [] },
  )

/** In the order in which they were measured. */
export const inOrder = (runs: readonly Run[]): Run[] =>
  runs.toSorted((a, b) => Date.parse(a.header.startedAt) - Date.parse(b.header.startedAt))

/** `3 runs, 2026-11-21 to 2026-11-25`. @param runs in order */
export function runsInWords(runs: readonly Run[]): string {
  const days = runs.map(({ header }) => header.startedAt.slice(0, 10))
  const [first, last] = [days[0], days.at(-1)]
  return `${runs.length} runs, ${first === last ? first : `${first} to ${last}`}`
}
