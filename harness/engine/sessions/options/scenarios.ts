import { UserError, unknownName } from '../../../errors.ts'
import { formatDuration, parseDurationMs } from '../../../metrics/duration.ts'
import type { ExecutorConfig } from '../executors/port.ts'
import type { Segment } from '../executors/segment.ts'
import { executors } from '../executors/table.ts'
import { assertOneLoad, hasStages } from './layers.ts'
import { asObject, type Raw, stringValues } from './values.ts'

/**
 * What the load is: the scenarios, or what k6's shortcuts (`vus`, `duration`, `iterations`, `stages`) make of them.
 * @param exported names the script exports, to check `exec`
 * @throws UserError naming scenario and option
 */
export function readScenarios(raw: Raw, exported: readonly string[], segment: Segment): ExecutorConfig[] {
  const scenarios = scenariosOf(raw)
  return Object.keys(scenarios).map((name) =>
    readScenario(name, asObject(scenarios[name], `scenario "${name}"`), exported, segment),
  )
}

/** The scenarios as the options name them, or the one that k6's shortcuts stand for. */
export function scenariosOf(raw: Raw): Raw {
  assertOneLoad(raw)
  const given = asObject(raw.scenarios ?? {}, 'options.scenarios')
  return Object.keys(given).length > 0 ? given : { default: shortcutScenario(raw) }
}

/** k6: iterations make shared-iterations, stages ramping-vus, duration constant-vus, nothing one iteration of one user. */
function shortcutScenario(raw: Raw): Raw {
  const vus = raw.vus ?? 1
  if (raw.iterations != null) {
    const maxDuration = raw.duration ?? '10m'
    return { executor: 'shared-iterations', vus, iterations: raw.iterations, maxDuration }
  }
  if (raw.duration != null) {
    assertPositive(raw.duration)
    return { executor: 'constant-vus', vus, duration: raw.duration }
  }
  if (hasStages(raw)) return { executor: 'ramping-vus', startVUs: vus, stages: raw.stages }
  return { executor: 'per-vu-iterations', vus: 1, iterations: 1 }
}

function assertPositive(duration: unknown): void {
  if (parseDurationMs(duration as string, 'options.duration') > 0) return
  throw new UserError(
    '`duration` option should be more than 0, for infinite duration use the externally-controlled executor',
  )
}

/** What k6 warns of or refuses, and this engine does all the same. */
export function warningsOfLoad(raw: Raw, scenarios: readonly ExecutorConfig[]): string[] {
  const isShortcut = raw.scenarios == null
  const ignored = isShortcut && [raw.iterations, raw.duration].every((value) => value == null) && !hasStages(raw)
  const short = scenarios.filter(({ durationMs, executor }) => durationMs < 1000 && !executor.startsWith('ramping-'))
  return [
    ...(isEmptyList(raw.stages) || isEmptyObject(raw.scenarios)
      ? [
          `\`${isEmptyList(raw.stages) ? 'stages' : 'scenarios'}\` was explicitly set to an empty value, running the script with 1 iteration in 1 VU`,
        ]
      : []),
    ...(ignored && raw.vus != null && raw.vus !== 1
      ? [
          `\`vus=${raw.vus}\` option will be ignored, it only works in conjunction with \`iterations\`, \`duration\`, or \`stages\``,
        ]
      : []),
    ...(raw.paused === true
      ? ['option "paused" has no effect: this engine has no REST interface over which the load could be resumed']
      : []),
    ...short.map(
      ({ name, durationMs }) => `scenario "${name}" lasts ${formatDuration(durationMs)}: k6 refuses less than 1s`,
    ),
  ]
}

function readScenario(name: string, raw: Raw, exported: readonly string[], segment: Segment): ExecutorConfig {
  const title = `scenario "${name}"`
  const type = String(raw.executor ?? '')
  const executor = Object.hasOwn(executors, type) ? executors[type as keyof typeof executors] : undefined
  if (!executor) {
    if (raw.executor === undefined)
      throw new UserError(
        `${title} doesn't have a specified executor type. Write one of: ${Object.keys(executors).join(', ')}`,
      )
    throw unknownName(`${title}: executor`, type, Object.keys(executors))
  }
  if (!/^[0-9a-zA-Z_-]+$/.test(name))
    throw new UserError(
      `${title}: the scenario name should contain only numbers, latin letters, underscores, and dashes`,
    )
  if (raw.exec === '') throw new UserError(`${title}: exec value cannot be empty`)
  const exec = String(raw.exec ?? 'default')
  if (!exported.includes(exec)) {
    throw new UserError(
      `${title}: the script exports no function "${exec}". It exports: ${exported.join(', ') || 'nothing'}`,
    )
  }
  const common = {
    name,
    exec,
    startTimeMs: notNegative(raw.startTime ?? 0, `${title}: the startTime`),
    gracefulStopMs: notNegative(raw.gracefulStop ?? '30s', `${title}: the gracefulStop timeout`),
    env: stringValues(raw.env, `${title}: env`),
    tags: stringValues(raw.tags, `${title}: tags`),
  }
  const known = ['executor', 'exec', 'startTime', 'gracefulStop', 'env', 'tags', 'options', ...executor.fields]
  const stranger = Object.keys(raw).find((key) => !known.includes(key))
  if (stranger) throw unknownName(`${title}: ${type} option`, stranger, known)
  return executor.configure(common, raw, title, segment)
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0

const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0

function notNegative(raw: unknown, what: string): number {
  const ms = parseDurationMs(raw as string, what)
  if (ms >= 0) return ms
  throw new UserError(`${what} can't be negative`)
}
