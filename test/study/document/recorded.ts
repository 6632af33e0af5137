import { conditions, control, groups, httpRounds, requestRounds, workRounds } from '../conditions.ts'
import type { Cell } from '../evaluate.ts'
import { blocksOf } from '../pool/pool.ts'
import { cellOf, metricsOf, type Results } from './results.ts'
import { interval, markdownTable, percent } from './text.ts'

/** What was measured, on what, and what was there to be found. */
export function recordedSection(results: Results): string {
  const { machine, runs, notCounted, secondsATrial } = results.pool
  return [
    '## What was recorded',
    '',
    `${blocksOf(results.pool)} complete blocks, each with one trial of every condition, in groups of ${groups[0]!.length + 1} with a control of their own: fresh processes that are alive together and under load by turns of 50 ms, in random order (slices). A trial took ${secondsATrial.toFixed(1)} s, five of them measured load, so a pair has ten. Each block gives a pair of every condition with the control of its group; the two turns of a pair may have another between them, unlike those of \`weir compare\`, which has two servers alive.`,
    '',
    `${machine.cpu}, ${machine.cores} cores, ${machine.kernel}, Node ${machine.node}, fingerprint \`${machine.fingerprint}\`. ${runs.length === 1 ? 'Run' : 'Runs'}: ${runs.map(({ id, seed, blocks }) => `\`${id}\` (${blocks} blocks, seed ${seed})`).join(', ')}.${notCounted === null ? '' : ` No instructions: ${notCounted}.`}`,
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
    'The effect over all pairs of the pool (Hodges-Lehmann, 95% interval), and below it by how much one pair differs from the next (standard deviation of ln(B/A) of the identical servers). Where trials could not be used, the pairs that are left.',
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
  const noise = metrics.map(({ key }) => {
    const cell = cellOf(results, 'control-again', key)
    return cell ? percent(cell.deviation) : '-'
  })
  return markdownTable(
    ['condition', ...metrics.map(({ title }) => title)],
    [...rows, ['from pair to pair (A/A)', ...noise]],
  )
}

const effectInWords = ({ effect, pool }: Cell, blocks: number): string =>
  `${interval(effect)}${pool < blocks ? `, ${pool} pairs` : ''}`
