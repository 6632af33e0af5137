import { lowerBound, upperBound } from '../clopper-pearson.ts'
import { markdownTable } from '../document/text.ts'
import { alpha } from '../procedures/sequential.ts'
import { type Count, coverageError, decidedEffect, type NoiseResult, type SimulationOptions } from './simulation.ts'

/** docs/study/simulation.md. */
export const simulationPage = (results: readonly NoiseResult[], { comparisons, seed }: SimulationOptions): string =>
  `${[introduction(comparisons, seed), noiseSection(results), coverageSection(results), looksSection(results), wrongSection(results), decidedSection(results)].join('\n\n')}\n`

const introduction = (comparisons: number, seed: number): string => `# The statistics on made-up noise

${comparisons} comparisons of two identical servers under each kind of noise, ${'`'}npm run study -- simulate${'`'}, seed ${seed}. Pairs run in
the order that ${'`'}weir compare${'`'} has, which is drawn anew for each. An effect on top would move estimate and bounds by as much
and change no count. In brackets: where the share is with 95% confidence (Clopper-Pearson).`

const noiseSection = (results: readonly NoiseResult[]): string =>
  markdownTable(
    ['noise', 'of one trial after the other'],
    results.map(({ noise }) => [noise.title, noise.description]),
  ).replace('--:', '---')

function coverageSection(results: readonly NoiseResult[]): string {
  const pairs = results[0]!.covered.map((each) => each.pairs)
  return [
    `## ${100 * (1 - coverageError)}% intervals that hold the truth`,
    '',
    'Asked for: at least 98%.',
    '',
    markdownTable(
      ['noise', ...pairs.map((count) => `${count} pairs`)],
      results.map(({ noise, covered }) => [noise.title, ...covered.map(({ count }) => inWords(count, 2))]),
    ),
    '',
    missedInWords(
      results.flatMap(({ noise, covered }) =>
        covered.flatMap(({ pairs: n, count }) =>
          count.found / count.tried < 0.98 ? [`${noise.title} at ${n} pairs`] : [],
        ),
      ),
    ),
  ].join('\n')
}

/** The planned error of each look beside the share of comparisons in which it was the first to be wrong, by normal noise. */
function looksSection(results: readonly NoiseResult[]): string {
  const rows = results[0]!.procedures.flatMap(({ procedure, firstAt, wrong }) =>
    procedure.levels.map(({ pairs, error }, look) => {
      const planned = procedure.levels
        .slice(0, look + 1)
        .reduce((sum, level) => sum + countedError(procedure.levels, level), 0)
      const found = firstAt.slice(0, look + 1).reduce((sum, count) => sum + count, 0)
      return [
        procedure.title,
        String(pairs),
        share(error, 4),
        share(planned, 4),
        inWords({ found, tried: wrong.tried }, 3),
      ]
    }),
  )
  return [
    '## The looks',
    '',
    `Error that each look may make, the sum up to it (never more than ${share(alpha, 1)}), and how often a look up to it was wrong under ${results[0]!.noise.title} noise. Looks share pairs, so together they err less often than their errors add up to.`,
    '',
    markdownTable(['comparison', 'look at', 'its error', 'sum', 'simulated'], rows),
  ].join('\n')
}

/** A look at pairs that are looked at once more takes nothing: the later look finds what it finds. */
const countedError = (
  levels: NoiseResult['procedures'][number]['procedure']['levels'],
  level: { pairs: number; error: number },
) => (levels.findLast(({ pairs }) => pairs === level.pairs) === level ? level.error : 0)

function wrongSection(results: readonly NoiseResult[]): string {
  const titles = results[0]!.procedures.map(({ procedure }) => procedure.title)
  return [
    '## Wrong "changed" of whole comparisons',
    '',
    `Margin 0, all looks together, both directions. Asked for: ${share(alpha, 1)}. Beside it what comes of a 95% interval that is looked at after every pair from the tenth on.`,
    '',
    markdownTable(
      ['noise', ...titles, 'looked at after every pair'],
      results.map(({ noise, procedures, naive }) => [
        noise.title,
        ...procedures.map(({ wrong }) => inWords(wrong, 2)),
        inWords(naive, 0),
      ]),
    ),
    '',
    missedInWords(
      results.flatMap(({ noise, procedures }) =>
        procedures.flatMap(({ procedure, wrong }) =>
          lowerBound(wrong.found, wrong.tried, 0.975) > alpha ? [`${noise.title}, ${procedure.title}`] : [],
        ),
      ),
    ),
  ].join('\n')
}

function decidedSection(results: readonly NoiseResult[]): string {
  return [
    '## Intervals at the look that decides',
    '',
    `A variant that is slower by ${decidedEffect.toFixed(2)} spreads of a trial, compared over at most 80 pairs, margin 0: whoever stops where an interval lies beyond zero stops at one that lies too high more often than at one that lies too low, and is promised nonetheless that ${share(1 - alpha, 1)} of these intervals hold the effect.`,
    '',
    markdownTable(
      ['noise', 'interval holds the effect', 'slowdown found', 'pairs in the mean'],
      results.map(({ noise, decided }) => [
        noise.title,
        inWords(decided.held, 2),
        inWords(decided.found, 1),
        decided.pairs.toFixed(1),
      ]),
    ),
    '',
    missedInWords(
      results.flatMap(({ noise, decided: { held } }) =>
        upperBound(held.found, held.tried, 0.975) < 1 - alpha ? [noise.title] : [],
      ),
    ),
  ].join('\n')
}

const missedInWords = (missed: readonly string[]): string =>
  missed.length === 0 ? 'None is missed.' : `Missed: ${missed.join('; ')}.`

const share = (value: number, digits: number): string => `${(100 * value).toFixed(digits)}%`

/** `0.25% (0.21 to 0.31)` */
function inWords({ found, tried }: Count, digits: number): string {
  const bound = (value: number) => (100 * value).toFixed(digits)
  return `${share(found / tried, digits)} (${bound(lowerBound(found, tried, 0.975))} to ${bound(upperBound(found, tried, 0.975))})`
}
