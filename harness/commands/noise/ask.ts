import { withCheckouts } from '../../campaign/checkouts.ts'
import type { PairStatistics } from '../../campaign/request.ts'
import { mostPairsEver } from '../../compare/looks.ts'
import { againOf, noiseStates } from '../../compare/noise.ts'
import type { LoadedConfig } from '../../config.ts'
import { UserError } from '../../errors.ts'
import { type ParsedArguments, seedOf } from '../arguments.ts'
import { budgetOf, scenariosOf } from '../compare/arguments.ts'
import type { ComparisonAsk } from '../compare/ask.ts'

/** What `weir noise` accepts. */
export const noiseOptions = {
  scenario: 'list',
  pairs: 'value',
  budget: 'value',
  seed: 'value',
  from: 'value',
  live: 'attached',
  config: 'value',
} as const

const usualPairs = 20
const usualBudget = '2h'

/**
 * What is asked of a variant and itself, and the config with the variant in it a second time.
 *
 * @throws UserError for names that do not exist, and values that make no sense
 */
export function readNoiseAsk(
  config: LoadedConfig,
  parsed: ParsedArguments,
): { config: LoadedConfig; ask: ComparisonAsk } {
  const [against = usualVariant(config), ...rest] = parsed.positionals
  if (rest.length > 0) throw new UserError(`weir noise takes one variant, found also: ${rest.join(' ')}`)
  const variant = againOf(against)
  const from = process.cwd()
  const whole = withCheckouts(config, [against], from)
  const mostPairs = pairsOf(parsed)
  return {
    config: { ...whole, variants: { ...whole.variants, [variant]: whole.variants[against]! } },
    ask: {
      ...{ against, variant, from, mostPairs },
      scenarios: scenariosOf(config, parsed.list('scenario')),
      metrics: new Map(),
      budgetMs: budgetOf(parsed.value('budget') ?? usualBudget),
      seed: seedOf(parsed),
      statistics: noiseStatistics(mostPairs),
    },
  }
}

function pairsOf(parsed: ParsedArguments): number {
  const pairs = parsed.count('pairs', 2) ?? usualPairs
  if (pairs <= mostPairsEver) return pairs
  throw new UserError(
    `option --pairs: expected at most ${mostPairsEver}, found ${pairs}. Of several runs all pairs count: run it again`,
  )
}

/** One look, at the end: what was seen until a verdict is no fair sample. */
const noiseStatistics = (pairs: number): PairStatistics => ({
  planLooks: (most) => [Math.max(2, Math.floor(most))],
  statesOf: (run) => noiseStates(run, pairs),
})

function usualVariant({ campaigns, variants, file }: LoadedConfig): string {
  if (campaigns.main) return campaigns.main.baseline
  throw new UserError(
    `which variant? ${file} has no campaign "main", whose baseline would be taken. There is: ${Object.keys(variants).join(', ')}`,
  )
}
