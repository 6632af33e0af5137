import { conditions, control, groups, httpRounds, requestRounds, workRounds } from '../conditions.ts'
import { type Cell, deviationOf, logRatiosOf } from '../evaluate.ts'
import type { MetricKey, StudyMetric } from '../metrics.ts'
import { blocksOf, byMachine, type Pool, type PooledMachine, pooledPairs } from '../pool/pool.ts'
import { cellOf, metricsOf, type Results } from './results.ts'
import { interval, markdownTable, percent } from './text.ts'

/** What was measured, on what, and what was there to be found. */
export function recordedSection(results: Results): string {
  const { secondsATrial } = results.pool
  return [
    '## What was recorded',
    '',
    `${blocksOf(results.pool)} complete blocks, each with one trial of every condition, in groups of ${groups[0]!.length + 1} with a control of their own: fresh processes that are alive together and under load by turns of 50 ms, in random order (slices). A trial took ${secondsATrial.toFixed(1)} s, five of them measured load, so a pair has ten. Each block gives a pair of every condition with the control of its group; the two turns of a pair may have another between them, unlike those of \`weir compare\`, which has two servers alive.`,
    '',
    ...machinesInWords(results.pool),
    '',
    `A request of the control does ${workRounds} rounds of JSON and hashing; what Node spends on it beside them is worth about ${httpRounds}. So ${requestRounds / 100} rounds more are 1% of what a request costs.`,
    '',
    markdownTable(
      ['condition', 'what is done'],
      [control, ...conditions].map(({ title, description }) => [title, description]),
    ).replace('--:', '---'),
    '',
    '### What was there to be found',
    '',
    'The effect over all pairs of the pool (Hodges-Lehmann, 95% interval), and below it by how much one pair differs from the next on each machine (standard deviation of ln(B/A) of the identical servers). Where trials could not be used, the pairs that are left.',
    '',
    effectsTable(results),
  ].join('\n')
}

function effectsTable(results: Results): string {
  const metrics = metricsOf(results)
  const blocks = blocksOf(results.pool)
  const rows = conditions.map(({ name, title }) => [
    title,
    ...metrics.map(({ key }) => {
      const cell = cellOf(results, name, key)
      return cell ? effectInWords(cell, blocks) : '-'
    }),
  ])
  return markdownTable(['condition', ...metrics.map(({ title }) => title)], [...rows, ...noiseRows(results, metrics)])
}

/** One row a machine: its noise is its own. */
function noiseRows({ pool }: Results, metrics: readonly StudyMetric[]): string[][] {
  const deviationOn = (machine: PooledMachine, key: MetricKey): string => {
    const pairs = byMachine(pooledPairs(pool, 'control-again', key)).get(machine.fingerprint) ?? []
    return pairs.length < 3 ? '-' : percent(deviationOf(logRatiosOf(pairs)))
  }
  return pool.machines.map((machine) => [
    `from pair to pair (A/A), ${machine.cpu}, \`${machine.fingerprint}\``,
    ...metrics.map(({ key }) => deviationOn(machine, key)),
  ])
}

/** A paragraph for each machine, with what was run there; no comparison has pairs of two of them. */
function machinesInWords({ machines, runs }: Pool): string[] {
  const paragraphs = machines.map((machine) => {
    const { fingerprint, cpu, cores, kernel, node, notCounted } = machine
    const here = runs.filter((run) => run.machine === fingerprint)
    const named = here
      .map(({ id, seed, blocks }) => `\`${id}\` (${blocks} ${blocks === 1 ? 'block' : 'blocks'}, seed ${seed})`)
      .join(', ')
    const counted = notCounted === null ? '' : ` No instructions: ${notCounted}.`
    return `${cpu}, ${cores} cores, ${kernel}, Node ${node}, fingerprint \`${fingerprint}\`. ${here.length === 1 ? 'Run' : 'Runs'}: ${named}.${counted}`
  })
  if (machines.length === 1) return paragraphs
  return [
    `Recorded on ${machines.length} machines, which are never mixed: each comparison is drawn from the pairs of one of them, and what a row says is over all of them.`,
    ...paragraphs,
  ].flatMap((paragraph, at) => (at === 0 ? [paragraph] : ['', paragraph]))
}

const effectInWords = ({ effect, pool }: Cell, blocks: number): string =>
  `${interval(effect)}${pool < blocks ? `, ${pool} pairs` : ''}`
