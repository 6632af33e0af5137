import { UserError } from '../errors.ts'
import { headerShape, recordShape } from './run-shapes.ts'
import { type RunHeader, recordSchema, runSchema, type TrialRecord } from './schema.ts'
import { assertShaped } from './shaped.ts'

/** A record and where it came from. */
export interface ReadRecord {
  file: string
  record: TrialRecord
}

/** @throws UserError that names the file, what was expected and what came */
export function assertHeader(value: unknown, file: string): asserts value is RunHeader {
  assertSchema(schemaOf(value), file, runSchema)
  assertShaped(value, file, headerShape)
}

/** @throws UserError that names the file, what was expected and what came */
export function assertRecord(value: unknown, file: string): asserts value is TrialRecord {
  assertSchema(schemaOf(value), file, recordSchema)
  assertShaped(value, file, recordShape)
}

/**
 * Whether numbers of these records may stand beside each other: all of the run's machine, variants and scenarios, all
 * event-loop delays sampled alike, the same number always in the same unit.
 *
 * @throws UserError that names the first record that is not like the others
 */
export function assertAlike(header: RunHeader, read: readonly ReadRecord[]): void {
  for (const each of read) assertPlanned(header, each)
  assertSameUnits(read)
  const { fingerprint } = header.environment
  for (const { file, record } of read) {
    if (record.machine === undefined || record.machine === fingerprint) continue
    throw new UserError(
      `${file} was measured on machine ${record.machine}, its run on ${fingerprint} (fingerprints of hardware, kernel, Node and limits): numbers of two machines are never pooled. Move it out of the folder`,
    )
  }
  const [first, ...others] = read.filter(({ record }) => record.eventLoopSampling)
  const stranger = others.find(({ record }) => record.eventLoopSampling !== first!.record.eventLoopSampling)
  if (!stranger) return
  throw new UserError(
    `${stranger.file} has event-loop delays sampled by ${stranger.record.eventLoopSampling}, ${first!.file} by ${first!.record.eventLoopSampling}: they mean different things and are never compared. Move one of them out of the folder`,
  )
}

/** What a run does not plan has no place in it; in a comparison each variant stands on a side of its own. */
function assertPlanned({ variants, scenarios, comparison, profiled }: RunHeader, { file, record }: ReadRecord): void {
  if (record.profile && !profiled)
    throw new UserError(
      `${file} is of a target that was profiled (${record.profile.tool}), its run is not: such numbers are held against no others. Move it out of the folder`,
    )
  const { variant, scenario, key } = record
  assertAmong(variants, 'variant', variant, file)
  assertAmong(scenarios, 'scenario', scenario, file)
  if (!comparison) return
  const expected = key.side === 'A' ? comparison.against : comparison.variant
  if (variant === expected) return
  throw new UserError(
    `${file} has variant "${variant}" on side ${key.side}, its run compares "${expected}" there. It was changed by hand`,
  )
}

function assertAmong(known: readonly { name: string }[], kind: string, name: string, file: string): void {
  if (known.some((each) => each.name === name)) return
  const names = known.map((each) => each.name).join(', ')
  throw new UserError(`${file} is of ${kind} "${name}", its run has: ${names}. Move it out of the folder`)
}

function assertSameUnits(read: readonly ReadRecord[]): void {
  const first = new Map<string, { file: string; unit: string; better: string }>()
  for (const { file, record } of read)
    for (const { metric, stat, unit, better } of record.observations) {
      const name = `${record.scenario}: ${metric} ${stat}`
      const known = first.get(name)
      if (!known) first.set(name, { file, unit, better })
      else if (known.unit !== unit || known.better !== better)
        throw new UserError(
          `${file} has "${name}" in "${unit}" (better: ${better}), ${known.file} in "${known.unit}" (better: ${known.better}): they mean different things and are never compared. One of them was changed by hand`,
        )
    }
}

const schemaOf = (value: unknown): unknown => (value as { schema?: unknown } | null)?.schema

/**
 * A schema's name is `weir.record/1`: what it is, and the version of its shape.
 *
 * @throws UserError that names the file, what was expected and what came
 */
export function assertSchema(came: unknown, file: string, expected: string): void {
  if (came === expected) return
  const [kind, version] = expected.split('/')
  const [cameKind, cameVersion] = typeof came === 'string' ? came.split('/') : []
  if (cameKind === kind && Number(cameVersion) > Number(version)) {
    throw new UserError(`${file} has schema ${came}, this weir reads ${expected}: read it with a newer weir`)
  }
  throw new UserError(
    `${file}: expected schema ${expected}, found ${came === undefined ? 'none' : JSON.stringify(came)}`,
  )
}
