import { relative, resolve } from 'node:path'
import { mostPairsEver } from '../../compare/looks.ts'
import { marginsFrom } from '../../compare/verdict.ts'
import { assertKnown, assertSides, type GateConfig, type LoadedConfig, readVariantName } from '../../config.ts'
import { UserError } from '../../errors.ts'
import type { formats } from '../../gate/formats.ts'
import type { GateLimit, GateMetric, GatePlan } from '../../record/schema.ts'
import { assertKeepsPlan, type ParsedArguments, seedOf } from '../arguments.ts'
import { budgetOf } from '../compare/arguments.ts'
import type { ComparisonAsk } from '../compare/ask.ts'
import { askOfRun } from '../compare/resumed-ask.ts'

const fileOptions = {
  junit: 'value',
  markdown: 'value',
  comment: 'value',
  json: 'value',
  'benchmark-json': 'value',
} as const satisfies Record<keyof typeof formats, 'value'>

/** What `weir gate` accepts. */
export const gateOptions = {
  base: 'value',
  head: 'value',
  budget: 'value',
  seed: 'value',
  strict: 'flag',
  'profile-on-regression': 'flag',
  from: 'value',
  resume: 'optional',
  live: 'attached',
  config: 'value',
  ...fileOptions,
} as const

/** @throws UserError for names that do not exist, values that make no sense, and a run that cannot be resumed */
export async function readAsk(config: LoadedConfig, parsed: ParsedArguments): Promise<ComparisonAsk> {
  const name = nameOf(config, parsed.positionals)
  const gate = config.gates[name]!
  const base = sideOf(config, parsed.value('base')) ?? gate.base
  const head = sideOf(config, parsed.value('head')) ?? gate.head
  assertSides({ base, head }, config.variants)
  const sides = { against: base, variant: head, from: config.dir }
  const id = parsed.value('resume')
  if (id !== undefined) {
    assertKeepsPlan(parsed, ['budget', 'seed'])
    return await askOfRun(config, sides, id, name)
  }
  const budget = parsed.value('budget')
  return {
    ...sides,
    scenarios: Object.keys(gate.scenarios),
    metrics: metricsOf(gate),
    budgetMs: budget === undefined ? gate.budget : budgetOf(budget),
    mostPairs: mostPairsEver,
    seed: seedOf(parsed),
    gate: planOf(name, gate),
  }
}

function nameOf({ gates, file }: LoadedConfig, [name, ...rest]: string[]): string {
  if (rest.length > 0) throw new UserError(`weir gate takes one gate, found also: ${rest.join(' ')}`)
  const names = Object.keys(gates)
  if (names.length === 0)
    throw new UserError(`${file} has no gate. Write one: gates: { pr: { base, head, budget, scenarios } }`)
  if (name === undefined && names.length === 1) return names[0]!
  if (name === undefined) throw new UserError(`which gate? There is: ${names.join(', ')}`)
  assertKnown('gate', name, gates)
  return name
}

/** A checkout on the command line is relative to where it is typed, one in a config to the config. */
function sideOf({ variants, dir }: LoadedConfig, written: string | undefined): string | undefined {
  if (written === undefined) return undefined
  const { name, checkout } = readVariantName(written, variants)
  return checkout === null ? name : `${name}@${relative(dir, resolve(checkout)) || '.'}`
}

/** Those of scenarios that name some. */
function metricsOf({ scenarios }: GateConfig): Map<string, GateMetric[]> {
  const named = new Map<string, GateMetric[]>()
  for (const [scenario, { metrics }] of Object.entries(scenarios))
    if (metrics)
      named.set(
        scenario,
        metrics.map((metric) => weighed(scenario, metric)),
      )
  return named
}

type WrittenMetric = NonNullable<GateConfig['scenarios'][string]['metrics']>[number]

/** @throws UserError for margins between which there would be no verdict */
function weighed(scenario: string, { metric, ...written }: WrittenMetric): GateMetric {
  const margins = marginsFrom(written)
  const { change, equivalence } = margins
  if (equivalence === 0 || equivalence >= change) return { scenario, metric, margins }
  throw new UserError(
    `metric "${metric}" of scenario "${scenario}": "equivalence" is ${equivalence}, less than "change", ${change}: what lies between would be neither, however long it is measured. Expected ${change} or more, or 0, with which nothing is called equivalent`,
  )
}

const planOf = (name: string, { scenarios, power }: GateConfig): GatePlan => ({
  name,
  limits: Object.entries(scenarios).flatMap(([scenario, { limits }]) =>
    Object.entries(limits).flatMap(([metric, expressions]) =>
      expressions.map((expression): GateLimit => ({ scenario, metric, expression })),
    ),
  ),
  power: power ?? null,
})
