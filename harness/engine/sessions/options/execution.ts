import { UserError } from '../../../errors.ts'
import { parseDurationMs } from '../../../metrics/duration.ts'
import type { Segment } from '../executors/segment.ts'
import { type Raw, stringValues, wholeNumber } from './values.ts'

/** How iterations, setup and teardown are run. */
export interface ExecutionOptions {
  setupTimeoutMs: number
  teardownTimeoutMs: number
  noSetup: boolean
  noTeardown: boolean
  /** 0: the next iteration begins when the one before is over. */
  minIterationDurationMs: number
  /** HTTP requests that this process may start each second; null: as many as it likes. */
  requestsPerS: number | null
  tags: Record<string, string>
}

/** Names of options that are read here and in its neighbours, or that mean nothing outside of k6's own cloud. */
export const executionOptions = [
  'cloud', 'duration', 'executionSegment', 'executionSegmentSequence', 'iterations', 'linger', 'minIterationDuration', 'noSetup',
  'noTeardown', 'noUsageReport', 'paused', 'rps', 'scenarios', 'setupTimeout', 'stages', 'tags', 'teardownTimeout', 'vus',
] as const // biome-ignore format: one list

/** A share of a whole number that is large enough for the smallest part to have some. */
const manyRequests = 1e6

/**
 * @param part what this process runs of the test, if several share it: limits are shared, too
 * @throws UserError naming the option
 */
export function readExecution(raw: Raw, part: Segment): ExecutionOptions {
  const rps = wholeNumber(raw.rps ?? 0, 'options.rps')
  return {
    setupTimeoutMs: readTimeout(raw.setupTimeout, 'setupTimeout'),
    teardownTimeoutMs: readTimeout(raw.teardownTimeout, 'teardownTimeout'),
    noSetup: raw.noSetup === true,
    noTeardown: raw.noTeardown === true,
    minIterationDurationMs: Math.max(
      0,
      parseDurationMs((raw.minIterationDuration ?? 0) as string, 'options.minIterationDuration'),
    ),
    requestsPerS: rps === 0 ? null : (rps * part.scale(manyRequests)) / manyRequests,
    tags: stringValues(raw.tags ?? {}, 'options.tags'),
  }
}

function readTimeout(raw: unknown, name: string): number {
  const ms = parseDurationMs((raw ?? '60s') as string, `options.${name}`)
  if (ms > 0) return ms
  throw new UserError(`options.${name} must be positive`)
}
