import { type ConditionName, conditions, control, groups } from '../conditions.ts'
import { type MetricKey, metricKeys } from '../metrics.ts'

/** The recorded values of the study: what `analyse` reads, and nothing else. Committed as docs/study/data/pool.json. */
export const poolSchema = 'weir.study/2'

export interface Pool {
  schema: typeof poolSchema
  /** Digest of the load and the conditions: only what is alike in both is pooled. */
  load: string
  /** Each of a fingerprint of its own. No comparison has pairs of two of them. */
  machines: PooledMachine[]
  /** In the order in which they ran, and their blocks are numbered; `machine` is its fingerprint. */
  runs: { id: string; seed: number; commit: string | null; machine: string; blocks: number }[]
  /** From the start of a trial to its end, mean of all: what a pair costs is twice that. */
  secondsATrial: number
  /** Trials of complete blocks, in the order in which they ran. */
  trials: PooledTrial[]
}

export interface PooledMachine {
  fingerprint: string
  cpu: string
  cores: number
  kernel: string
  node: string
  /** Why instructions are absent; null where they were counted. */
  notCounted: string | null
}

export interface PooledTrial {
  /** 1-based over all runs. */
  block: number
  /** 1-based: of the servers that took turns with it. */
  group: number
  /** 1-based place in the group's random order. */
  position: number
  condition: ConditionName
  /** Null where the trial may not be used for this number, or did not observe it. */
  values: Record<MetricKey, number | null>
  /** Requests a second in each whole second of the closed loop; empty where the trial may not be used for throughput. */
  ratesPerS: number[]
}

/** A trial of the control with one of a condition in the same group and block. */
export interface PooledPair {
  block: number
  /** The fingerprint of the machine that recorded it. */
  machine: string
  /** Places that B's server was started after A's in its group; negative: before. */
  place: number
  a: number
  b: number
  ratesA: number[]
  ratesB: number[]
}

/** The pairs of one number under one condition, in the order in which they were recorded, as far as both sides may be used. */
export function pooledPairs(pool: Pool, condition: ConditionName, metric: MetricKey): PooledPair[] {
  const { trials } = pool
  const machines = machinesByBlock(pool)
  const ofControl = trials.filter((trial) => trial.condition === control.name)
  const controls = new Map(ofControl.map((trial) => [placeOf(trial), trial]))
  return trials
    .filter((trial) => trial.condition === condition)
    .sort((one, other) => one.block - other.block)
    .flatMap((trial) => {
      const { block, position, values, ratesPerS } = trial
      const baseline = controls.get(placeOf(trial))
      const [a, b] = [baseline?.values[metric] ?? null, values[metric]]
      if (a === null || b === null) return []
      const where = { block, machine: machines[block - 1]!, place: position - baseline!.position }
      return [{ ...where, a, b, ratesA: baseline!.ratesPerS, ratesB: ratesPerS }]
    })
}

/** The fingerprint of the machine of each block, that of block 1 first. */
const machinesByBlock = ({ runs }: Pool): string[] =>
  runs.flatMap(({ machine, blocks }) => Array<string>(blocks).fill(machine))

/** The pairs of each machine, in their order, by its fingerprint. */
export const byMachine = (pairs: readonly PooledPair[]): Map<string, PooledPair[]> =>
  Map.groupBy(pairs, ({ machine }) => machine)

/** Each B with the A of the pair before it on its machine: sides that ran one after the other, and had nothing in common. */
export const sidesApart = (pairs: readonly PooledPair[]): PooledPair[] =>
  [...byMachine(pairs).values()].flatMap((ofMachine) =>
    ofMachine.slice(1).map((pair, at) => {
      const { a, ratesA } = ofMachine[at]!
      return { ...pair, a, ratesA }
    }),
  )

const placeOf = ({ block, group }: PooledTrial): string => `${block} ${group}`

export const blocksOf = ({ trials }: Pool): number => new Set(trials.map(({ block }) => block)).size

/** Of each block one trial of every condition, and one of the control for each group, or it does not count. */
export const trialsABlock = conditions.length + groups.length

/** One line a trial, so that a recording that goes on adds lines. */
export function printPool({ trials, ...head }: Pool): string {
  const lines = trials.map(({ block, group, position, condition, values, ratesPerS }) =>
    JSON.stringify([block, group, position, condition, metricKeys.map((key) => values[key]), ratesPerS]),
  )
  const written = { ...head, columns: ['block', 'group', 'position', 'condition', metricKeys, 'ratesPerS'] }
  return `${JSON.stringify(written, null, 1).replace(/\n}$/, '')},\n "trials": [\n${lines.join(',\n')}\n ]\n}\n`
}

type WrittenTrial = [number, number, number, ConditionName, (number | null)[], number[]]

/** @throws Error where the text is no pool of this schema, or one of other metrics */
export function readPool(text: string): Pool {
  const { columns, trials, ...head } = JSON.parse(text) as Omit<Pool, 'trials'> & {
    columns: unknown[]
    trials: WrittenTrial[]
  }
  if (head.schema !== poolSchema || JSON.stringify(columns[4]) !== JSON.stringify(metricKeys))
    throw new Error(`the pool is of schema ${head.schema} with ${columns}, expected ${poolSchema} with ${metricKeys}`)
  return { ...head, trials: trials.map(toTrial) }
}

const toTrial = ([block, group, position, condition, values, ratesPerS]: WrittenTrial): PooledTrial => ({
  block,
  group,
  position,
  condition,
  values: Object.fromEntries(metricKeys.map((key, at) => [key, values[at] ?? null])) as PooledTrial['values'],
  ratesPerS,
})
