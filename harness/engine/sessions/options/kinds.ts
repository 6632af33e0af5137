import { UserError } from '../../../errors.ts'
import { type Raw, wholeNumber } from './values.ts'

const switches = [
  'discardResponseBodies', 'insecureSkipTLSVerify', 'linger', 'noConnectionReuse', 'noCookiesReset', 'noSetup', 'noTeardown',
  'noUsageReport', 'noVUConnectionReuse', 'paused', 'throw',
] as const // biome-ignore format: one list
const texts = ['executionSegment', 'executionSegmentSequence', 'httpDebug', 'summaryTimeUnit', 'userAgent'] as const
const wholeNumbers = ['batch', 'batchPerHost', 'iterations', 'rps', 'vus'] as const

/** All options that k6 has; `exec.test.options` shows those that are not given as null. */
export const knownOptions = [
  ...switches, ...texts, ...wholeNumbers, 'blacklistIPs', 'blockHostnames', 'dns', 'duration', 'ext', 'hosts', 'localIPs', 'maxRedirects',
  'minIterationDuration', 'scenarios', 'setupTimeout', 'stages', 'summaryTrendStats', 'systemTags', 'tags', 'teardownTimeout', 'thresholds',
  'tlsAuth', 'tlsCipherSuites', 'tlsVersion',
] as const // biome-ignore format: one list

/**
 * Refuses what k6 refuses: an option of the wrong kind is no option that can be left out.
 * @throws UserError naming the option
 */
export function assertKinds(raw: Raw): void {
  for (const name of switches) assertKind(raw, name, (value) => typeof value === 'boolean', 'true or false')
  for (const name of texts) assertKind(raw, name, (value) => typeof value === 'string', 'a text')
  for (const name of wholeNumbers) if (raw[name] != null) wholeNumber(raw[name], `options.${name}`)
}

function assertKind(raw: Raw, name: string, fits: (value: unknown) => boolean, expected: string): void {
  const value = raw[name]
  if (value === undefined || value === null || fits(value)) return
  throw new UserError(`options.${name}: expected ${expected}, found ${JSON.stringify(value)}`)
}
