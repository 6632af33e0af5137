import { primaryId, usableValue } from '../../../harness/compare/pairs.ts'
import { UserError } from '../../../harness/errors.ts'
import type { Environment, Run, RunHeader, TrialRecord } from '../../../harness/record/schema.ts'
import type { ConditionName } from '../conditions.ts'
import { studyMetrics } from '../metrics.ts'
import { type Pool, type PooledTrial, poolSchema, trialsABlock } from './pool.ts'

/**
 * The pool of all complete blocks of the study's runs. A run that was cut off gives the blocks that it finished.
 *
 * @param runs oldest first
 * @throws UserError where there are none, or they are not of one machine and the same servers under the same load
 */
export function gather(runs: readonly Run[]): Pool {
  const [first] = runs
  if (!first) throw new UserError('there is no whole block of the study yet. Record some: npm run study -- record')
  for (const { header } of runs) assertAlike(first.header, header)
  const complete = runs.map(completeBlocks)
  const records = complete.flat(2)
  return {
    schema: poolSchema,
    machine: machineOf(first.header.environment),
    notCounted: notCounted(first),
    runs: runs.map(({ header }, at) => ({
      id: header.id,
      seed: header.seed,
      commit: header.environment.git?.commit ?? null,
      blocks: complete[at]!.length,
    })),
    secondsATrial: rounded(records.reduce((sum, { durationS }) => sum + durationS, 0) / records.length),
    trials: complete.flat().flatMap((block, at) => block.map((record) => toPooled(record, at + 1))),
  }
}

/** Blocks of which every trial has a record, in order; each with its trials in order. */
export function completeBlocks({ records }: Run): TrialRecord[][] {
  const byBlock = Map.groupBy(records, ({ key }) => key.block)
  return [...byBlock.values()].filter((block) => block.length === trialsABlock)
}

function assertAlike(first: RunHeader, other: RunHeader): void {
  const differences = [
    ...(first.environment.fingerprint === other.environment.fingerprint ? [] : ['another machine']),
    ...(first.plan?.scripts === other.plan?.scripts ? [] : ['another load']),
    ...(JSON.stringify(first.variants) === JSON.stringify(other.variants) ? [] : ['other conditions']),
  ]
  if (differences.length === 0) return
  throw new UserError(
    `run ${other.id} cannot be pooled with ${first.id}: ${differences.join(', ')}. Move one of them out of test/study/.weir/runs`,
  )
}

const machineOf = ({ fingerprint, cpu, cores, kernel, node }: Environment): Pool['machine'] => ({
  fingerprint,
  cpu,
  cores,
  kernel,
  node,
})

const notCounted = ({ header, records }: Run): string | null =>
  header.environment.instructionsCounted
    ? null
    : (records.flatMap(({ notes }) => notes).find((note) => note.startsWith('instructions')) ??
      'instructions are not counted here')

function toPooled(record: TrialRecord, block: number): PooledTrial {
  const values = Object.fromEntries(
    studyMetrics.map(({ key, selector }) => [key, roundedOrNull(usableValue(record, primaryId(selector)))]),
  ) as PooledTrial['values']
  return {
    block,
    position: record.key.position,
    condition: record.variant as ConditionName,
    values,
    ratesPerS: values.throughput === null ? [] : ratesInClosedLoop(record),
  }
}

/** The closed loop begins and ends at whole seconds, as the bins of the series do, of which `t` is the middle. */
function ratesInClosedLoop({ series, phases }: TrialRecord): number[] {
  const phase = phases.find(({ name }) => name === 'capacity')
  const rates = series.find(({ metric, scenario }) => metric === 'throughput' && scenario === undefined)
  if (!phase || !rates) return []
  const isInside = (t: number) => t - 0.5 >= phase.startS - 0.01 && t + 0.5 <= phase.endS + 0.01
  return rates.v.flatMap((rate, at) => (rate !== null && isInside(rates.t[at]!) ? [rounded(rate)] : []))
}

/** Six digits are more than any of these numbers has that mean something. */
const rounded = (value: number): number => Number(value.toPrecision(6))
const roundedOrNull = (value: number | null): number | null => (value === null ? null : rounded(value))
