import { createHash } from 'node:crypto'
import { primaryId, usableValue } from '../../../harness/compare/pairs.ts'
import { UserError } from '../../../harness/errors.ts'
import type { Run, RunHeader, TrialRecord } from '../../../harness/record/schema.ts'
import { type ConditionName, groups, scenarioOf } from '../conditions.ts'
import { studyMetrics } from '../metrics.ts'
import { blocksOf, type Pool, type PooledMachine, type PooledTrial, poolSchema, trialsABlock } from './pool.ts'

/**
 * The pool with all complete blocks of runs that are not in it yet. A run that was cut off gives the blocks that it finished.
 *
 * @param before what is recorded already; null: nothing
 * @param runs oldest first
 * @throws UserError where there is nothing at all, or not all is of the same servers under the same load
 */
export function gather(before: Pool | null, runs: readonly Run[]): Pool {
  const known = new Set(before?.runs.map(({ id }) => id))
  const added = runs.filter((run) => !known.has(run.header.id) && completeBlocks(run).length > 0).map(poolOf)
  const [first, ...others] = before ? [before, ...added] : added
  if (!first) throw new UserError('there is no whole block of the study yet. Record some: npm run study -- record')
  return others.reduce(joined, first)
}

function poolOf(run: Run): Pool {
  const { header } = run
  const blocks = completeBlocks(run)
  const machine = machineOf(run)
  const seconds = blocks.flat().map(({ durationS }) => durationS)
  return {
    schema: poolSchema,
    load: loadOf(header),
    machines: [machine],
    runs: [
      {
        ...{ id: header.id, seed: header.seed, commit: header.environment.git?.commit ?? null },
        ...{ machine: machine.fingerprint, blocks: blocks.length },
      },
    ],
    secondsATrial: rounded(seconds.reduce((sum, each) => sum + each, 0) / seconds.length),
    trials: blocks.flatMap((block, at) => block.map((record) => toPooled(record, at + 1))),
  }
}

/** What was recorded later behind what was there, its blocks numbered on. */
function joined(one: Pool, other: Pool): Pool {
  assertAlike(one, other)
  const blocks = blocksOf(one)
  const share = one.trials.length / (one.trials.length + other.trials.length)
  return {
    ...one,
    machines: [...new Map([...one.machines, ...other.machines].map((each) => [each.fingerprint, each])).values()],
    runs: [...one.runs, ...other.runs],
    secondsATrial: rounded(share * one.secondsATrial + (1 - share) * other.secondsATrial),
    trials: [...one.trials, ...other.trials.map((trial) => ({ ...trial, block: trial.block + blocks }))],
  }
}

/** Blocks of which every trial has a record, in order; each with its trials in order. */
export function completeBlocks({ records }: Run): TrialRecord[][] {
  const byBlock = Map.groupBy(records, ({ key }) => key.block)
  return [...byBlock.values()].filter((block) => block.length === trialsABlock)
}

function assertAlike(one: Pool, other: Pool): void {
  if (one.load === other.load) return
  const [run, first] = [other.runs[0]!.id, one.runs[0]!.id]
  throw new UserError(
    `run ${run} cannot be pooled with ${first}: another load, or other conditions. Move it out of test/study/.weir/runs, or begin anew without docs/study/data/pool.json`,
  )
}

/** Of the scripts, with all that they import, and of the conditions. */
const loadOf = ({ plan, variants }: RunHeader): string =>
  createHash('sha256')
    .update(JSON.stringify([plan?.scripts ?? null, variants.map(({ name, description }) => [name, description])]))
    .digest('hex')
    .slice(0, 16)

function machineOf(run: Run): PooledMachine {
  const { fingerprint, cpu, cores, kernel, node } = run.header.environment
  return { fingerprint, cpu, cores, kernel, node, notCounted: notCounted(run) }
}

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
    group: groups.findIndex((_, at) => scenarioOf(at + 1) === record.scenario) + 1,
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
