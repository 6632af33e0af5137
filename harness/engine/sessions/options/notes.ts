import { UserError, unknownName } from '../../../errors.ts'
import { parseDurationMs } from '../../../metrics/duration.ts'
import { parseRecordedSelector } from '../../../metrics/selector.ts'
import type { Better } from '../../../metrics/table.ts'
import type { Phase } from '../../../record/schema.ts'
import type { ScriptNotes } from '../../port.ts'
import type { ExecutorConfig } from '../executors/port.ts'
import { readConditions } from './thresholds.ts'
import { asObject, type Raw } from './values.ts'

const knownNotes = [
  'primary',
  'operation',
  'capacity',
  'fixedConcurrency',
  'sessionsHeldIn',
  'phases',
  'voidUnless',
  'better',
]

/**
 * Reads `options.ext.weir`.
 * @throws UserError naming the key, what was expected and what came
 */
export function readNotes(weir: Raw, scenarios: readonly ExecutorConfig[]): ScriptNotes {
  const stranger = Object.keys(weir).find((key) => !knownNotes.includes(key))
  if (stranger) throw unknownName('options.ext.weir: key', stranger, knownNotes)
  const names = scenarios.map(({ name }) => name)
  const capacity = readScenarioNames(weir.capacity, 'capacity', names)
  const fixedConcurrency = readScenarioNames(weir.fixedConcurrency, 'fixedConcurrency', names)
  const phases = readPhases(weir.phases)
  const held = weir.sessionsHeldIn === undefined ? null : String(weir.sessionsHeldIn)
  const phaseNames = phases?.map(({ name }) => name) ?? names
  if (held !== null && !phaseNames.includes(held))
    throw unknownName('options.ext.weir.sessionsHeldIn: phase', held, phaseNames)
  const operation = weir.operation === undefined ? 'iterations' : String(weir.operation)
  return {
    primary: readPrimary(weir.primary),
    operation,
    capacity,
    ...(fixedConcurrency.length > 0 ? { fixedConcurrency } : {}),
    sessionsHeldIn: held,
    phases,
    voidUnless: readConditions(weir.voidUnless, 'options.ext.weir.voidUnless'),
    ...(weir.better === undefined ? {} : { better: readBetter(weir.better) }),
  }
}

/** `{ updates_per_second: 'higher' }` */
function readBetter(raw: unknown): Record<string, Better> {
  const entries = Object.entries(asObject(raw, 'options.ext.weir.better'))
  for (const [metric, side] of entries)
    if (side !== 'lower' && side !== 'higher')
      throw new UserError(
        `options.ext.weir.better.${metric}: expected "lower" or "higher", found ${JSON.stringify(side)}`,
      )
  return Object.fromEntries(entries) as Record<string, Better>
}

function readScenarioNames(raw: unknown, key: string, known: readonly string[]): string[] {
  const names = Array.isArray(raw) ? raw.map(String) : []
  const missing = names.find((name) => !known.includes(name))
  if (missing !== undefined) throw unknownName(`options.ext.weir.${key}: scenario`, missing, known)
  return names
}

function readPrimary(raw: unknown): string | null {
  if (raw === undefined) return null
  if (typeof raw !== 'string')
    throw new UserError('options.ext.weir.primary: expected a text such as "http_req_duration p(50)"')
  parseRecordedSelector(raw)
  return raw
}

/** `{ hold: { start: '8s', end: '22s' } }` */
function readPhases(raw: unknown): Phase[] | null {
  if (raw === undefined) return null
  return Object.entries(asObject(raw, 'options.ext.weir.phases')).map(([name, window]) => {
    const { start, end } = asObject(window, `options.ext.weir.phases.${name}`)
    const startS = parseDurationMs((start ?? '') as string, `options.ext.weir.phases.${name}.start`) / 1000
    const endS = parseDurationMs((end ?? '') as string, `options.ext.weir.phases.${name}.end`) / 1000
    if (endS <= startS)
      throw new UserError(`options.ext.weir.phases.${name}: it ends (${endS} s) before it starts (${startS} s)`)
    return { name, startS, endS }
  })
}
