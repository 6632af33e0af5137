import { fewestPairs, mostPairsEver } from '../../compare/looks.ts'
import { type Margins, marginsFrom } from '../../compare/verdict.ts'
import { withAskedRates } from '../../config/rate-steps.ts'
import { assertScenario, type LoadedConfig, writtenScenarios } from '../../config.ts'
import { UserError } from '../../errors.ts'
import { parseDurationMs } from '../../metrics/duration.ts'
import { parseRecordedSelector, printSelector } from '../../metrics/selector.ts'
import type { GateMetric } from '../../record/schema.ts'
import { assertKeepsPlan, type ParsedArguments, seedOf } from '../arguments.ts'
import type { ComparisonAsk } from './ask.ts'
import { askOfRun } from './resumed-ask.ts'

/** What `weir compare` accepts. */
export const compareOptions = {
  scenario: 'list',
  metric: 'repeated',
  margin: 'value',
  budget: 'value',
  pairs: 'value',
  seed: 'value',
  json: 'value',
  'profile-on-regression': 'flag',
  from: 'value',
  resume: 'optional',
  live: 'attached',
  config: 'value',
} as const

const usualBudget = '5m'

/** @throws UserError for names that do not exist, values that make no sense, and a run that cannot be resumed */
export async function readAsk(config: LoadedConfig, parsed: ParsedArguments): Promise<ComparisonAsk> {
  const [against, variant, ...rest] = parsed.positionals
  if (against === undefined || variant === undefined || rest.length > 0)
    throw new UserError(
      `weir compare takes two variants, the first being what the second is compared with, found ${parsed.positionals.length}. There is: ${Object.keys(config.variants).join(', ')}`,
    )
  const sides = { against, variant, from: process.cwd() }
  const id = parsed.value('resume')
  if (id !== undefined) {
    assertKeepsPlan(parsed, ['scenario', 'metric', 'margin', 'budget', 'pairs', 'seed'])
    return await askOfRun(config, sides, id, null)
  }
  const scenarios = scenariosOf(config, parsed.list('scenario'))
  const metrics = parsed.repeated('metric')
  const margins = marginsOf(parsed)
  return {
    ...sides,
    scenarios,
    metrics: new Map(metrics.length === 0 ? [] : scenarios.map((name) => [name, gateMetrics(name, metrics, margins)])),
    margins,
    budgetMs: budgetOf(parsed.value('budget') ?? usualBudget),
    mostPairs: mostPairsOf(parsed),
    seed: seedOf(parsed),
  }
}

/** Those that were asked for; else the first that has settings for pairs, or the only one. */
export function scenariosOf(config: LoadedConfig, asked: string[]): string[] {
  const { scenarios, file } = config
  const stepped = withAskedRates(config, asked)
  for (const name of asked) assertScenario('scenario', name, stepped)
  if (asked.length > 0) return [...new Set(asked)]
  const names = writtenScenarios(config)
  const usual = names.find((name) => scenarios[name]!.pairs) ?? (names.length === 1 ? names[0] : undefined)
  if (usual !== undefined) return [usual]
  throw new UserError(
    `which scenario? Name one or several with --scenario, or give one "pairs" in ${file}. There is: ${names.join(', ')}`,
  )
}

const gateMetrics = (scenario: string, texts: string[], margins: Margins): GateMetric[] =>
  [...new Set(texts.map((text) => printSelector(parseRecordedSelector(text))))].map((metric) => ({
    scenario,
    metric,
    margins: { ...margins },
  }))

function marginsOf(parsed: ParsedArguments): Margins {
  const text = parsed.value('margin')
  if (text === undefined) return marginsFrom({})
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1]
  if (percent !== undefined && Number(percent) < 100) return marginsFrom({ change: Number(percent) / 100 })
  throw new UserError(`option --margin: expected a share below 100%, such as 0.5%, found "${text}"`)
}

/** Milliseconds. @throws UserError unless it is a duration above zero */
export function budgetOf(text: string): number {
  const budgetMs = parseDurationMs(text, 'option --budget')
  if (budgetMs > 0) return budgetMs
  throw new UserError(`option --budget: expected a duration above zero, such as 5m, found "${text}"`)
}

function mostPairsOf(parsed: ParsedArguments): number {
  const pairs = parsed.count('pairs', fewestPairs) ?? mostPairsEver
  if (pairs <= mostPairsEver) return pairs
  throw new UserError(
    `option --pairs: expected at most ${mostPairsEver}, found ${pairs}: more of them find little more`,
  )
}
