import { UserError } from '../errors.ts'
import { type RunHeader, recordSchema, runSchema, type TrialRecord } from './schema.ts'

type FieldType = 'string' | 'number' | 'boolean' | 'object' | 'array'

/** What readers go through without asking. Only the outermost level is looked at: enough to tell a foreign file. */
const headerFields = {
  id: 'string',
  campaign: 'string',
  startedAt: 'string',
  status: 'string',
  blocks: 'number',
  baseline: 'string',
  variants: 'array',
  scenarios: 'array',
  environment: 'object',
  warnings: 'array',
} satisfies Partial<Record<keyof RunHeader, FieldType>>

const recordFields = {
  run: 'string',
  trial: 'number',
  key: 'object',
  variant: 'string',
  scenario: 'string',
  invalid: 'array',
  phases: 'array',
  observations: 'array',
  histograms: 'array',
  series: 'array',
  thresholds: 'array',
  checks: 'array',
} satisfies Partial<Record<keyof TrialRecord, FieldType>>

/** @throws UserError that names the file, what was expected and what came */
export function assertHeader(value: unknown, file: string): asserts value is RunHeader {
  assertShape(value, file, runSchema, headerFields)
}

/** @throws UserError that names the file, what was expected and what came */
export function assertRecord(value: unknown, file: string): asserts value is TrialRecord {
  assertShape(value, file, recordSchema, recordFields)
}

/**
 * Whether numbers of these records may stand beside each other: all of the run's machine, all event-loop delays sampled alike.
 *
 * @throws UserError that names the first record that is not like the others
 */
export function assertAlike(
  { environment: { fingerprint } }: RunHeader,
  read: readonly { file: string; record: TrialRecord }[],
): void {
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

function assertShape(value: unknown, file: string, schema: string, fields: Record<string, FieldType>): void {
  const object = typeOf(value) === 'object' ? (value as Record<string, unknown>) : {}
  assertSchema(object.schema, file, schema)
  for (const [name, type] of Object.entries(fields)) {
    const came = typeOf(object[name])
    if (came !== type) throw new UserError(`${file}: expected "${name}" to be of type ${type}, found ${came}`)
  }
}

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

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return value === null ? 'null' : typeof value
}
