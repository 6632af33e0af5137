import { parseArgs } from 'node:util'
import { lookLevels, planLooks } from '../../harness/compare/looks.ts'
import { signedRankInterval } from '../../harness/compare/signed-rank.ts'
import { takeLooks } from '../../harness/compare/take-looks.ts'
import { decideVerdict, defaultMargins } from '../../harness/compare/verdict.ts'
import { UserError } from '../../harness/errors.ts'
import { seededRandom } from '../support/random.ts'
import { countMisses, missFinder } from './look-errors.ts'
import { markdownTable } from './markdown-table.ts'
import { type NoiseModel, noiseModels } from './noise-models.ts'

/**
 * Simulation of the comparison's procedure, as Markdown tables:
 *
 *   node test/study/coverage.ts [--repetitions 100000] [--seed 1]
 *
 * Nothing is measured: pairs are drawn from noise of known shapes, heavy-tailed and drifting ones among them, so that it is
 * known what an interval should cover.
 */

const alpha = 0.003
const mostPairs = 80
const looks = planLooks(mostPairs, alpha)

interface Simulation {
  repetitions: number
  seed: number
}

/** All tables, with what each of them says. */
export function coverageTables(simulation: Simulation): string {
  const { repetitions, seed } = simulation
  return [
    `Simulated with seed ${seed}; \`±\` is twice the standard error of the simulation.`,
    `**Error of all looks together**, at most ${percent(alpha)}: share of ${repetitions} comparisons of which any look (${looks.join(', ')} pairs) has an interval that misses that nothing changed, at each look first, and where the budget ends at any number of pairs from 10 to ${mostPairs}.`,
    errorTable(simulation),
    `**Decided intervals**: ${decisionsOf(simulation)} comparisons of a variant that is 5% slower, margin 1%: how often the interval of the look that decides covers the 5% (at least ${percent(1 - alpha)} is promised).`,
    decisionTable(simulation),
    `**Single intervals** at 99% and at 99.7%: share of ${decisionsOf(simulation)} that cover.`,
    intervalTable(simulation),
  ].join('\n\n')
}

/** Sorting all averages takes ten times as long as ranking. */
const decisionsOf = ({ repetitions }: Simulation): number => Math.ceil(repetitions / 10)

function errorTable({ repetitions, seed }: Simulation): string {
  const levels = lookLevels(looks, alpha)
  const rows = noiseModels.map(({ name, draw }) => {
    const random = seededRandom(seed)
    const { missed, missedAt } = countMisses(() => draw(mostPairs, random), levels, repetitions)
    const anywhere = missedWhereBudgetEnds(draw, { repetitions, seed })
    return [
      name,
      share(missed, repetitions),
      ...missedAt.map((count) => percent(count / repetitions)),
      share(anywhere, repetitions),
    ]
  })
  const given = ['given', percent(alpha), ...levels.map(({ error }) => percent(error)), percent(alpha)]
  return markdownTable(
    ['noise', 'all looks', ...looks.map((pairs) => `${pairs} pairs`), 'budget ends anywhere'],
    [given, ...rows],
  )
}

function missedWhereBudgetEnds(draw: NoiseModel['draw'], { repetitions, seed }: Simulation): number {
  const random = seededRandom(seed + 1)
  const finders = Array.from({ length: mostPairs + 1 }, (_, end) => missFinder(lookLevels(looks, alpha, end)))
  let missed = 0
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const end = 10 + Math.floor((mostPairs - 9) * random.uniform())
    if (finders[end]!(draw(end, random)) !== null) missed++
  }
  return missed
}

function decisionTable(simulation: Simulation): string {
  const [levels, effect, repetitions] = [lookLevels(looks, alpha), Math.log1p(0.05), decisionsOf(simulation)]
  const judge = (lower: number, upper: number) => decideVerdict(lower, upper, 'lower', defaultMargins)
  const rows = noiseModels.map(({ name, draw }) => {
    const random = seededRandom(simulation.seed + 2)
    let [covered, found, pairs] = [0, 0, 0]
    for (let repetition = 0; repetition < repetitions; repetition++) {
      const last = takeLooks(
        draw(mostPairs, random).map((noise) => effect + noise),
        levels,
        judge,
      ).at(-1)!
      if (last.interval === null || (last.interval.lower <= effect && effect <= last.interval.upper)) covered++
      if (last.verdict === 'regressed') found++
      pairs += last.pairs
    }
    return [name, share(covered, repetitions), share(found, repetitions), (pairs / repetitions).toFixed(1)]
  })
  return markdownTable(['noise', 'covered', 'found', 'pairs in the mean'], rows)
}

function intervalTable(simulation: Simulation): string {
  const repetitions = decisionsOf(simulation)
  const kinds = [10, 20, 40].flatMap((pairs) => [0.01, 0.003].map((error) => ({ pairs, error })))
  const rows = noiseModels.map(({ name, draw }) => {
    const random = seededRandom(simulation.seed + 3)
    const covered = kinds.map(() => 0)
    for (let repetition = 0; repetition < repetitions; repetition++) {
      const values = draw(40, random)
      for (const [at, { pairs, error }] of kinds.entries()) {
        const { lower, upper } = signedRankInterval(values.slice(0, pairs), error)!
        if (lower <= 0 && upper >= 0) covered[at]!++
      }
    }
    return [name, ...covered.map((count) => percent(count / repetitions))]
  })
  return markdownTable(['noise', ...kinds.map(({ pairs, error }) => `${pairs} pairs, ${percent(1 - error)}`)], rows)
}

const percent = (part: number): string => `${Number((100 * part).toFixed(3))}%`

function share(count: number, of: number): string {
  const part = count / of
  return `${percent(part)} ±${percent(2 * Math.sqrt((part * (1 - part)) / of))}`
}

function readCount(name: string, text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count > 0) return count
  throw new UserError(`--${name} "${text}": expected a whole number above 0`)
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { repetitions: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
  })
  const repetitions = readCount('repetitions', values.repetitions)
  console.log(coverageTables({ repetitions, seed: readCount('seed', values.seed) }))
}
