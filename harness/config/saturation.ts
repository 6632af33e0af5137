import { z } from 'zod'
import { UserError } from '../errors.ts'
import { parseSubMetric } from '../metrics/selector.ts'
import { percentileOf } from '../metrics/stat.ts'
import { metricTable } from '../metrics/table.ts'
import { assertStatFitsKind, parseThreshold } from '../metrics/thresholds.ts'
import type { SaturationPlan, Step } from '../record/schema.ts'
import type { ResolvedCampaign } from './campaigns.ts'
import type { Config, ScenarioConfig } from './schema.ts'
import { recordedSubMetric, threshold } from './values.ts'

const connections = z
  .array(z.number().int().min(1))
  .min(2, 'expected two numbers of connections at least, since one has no knee')
  .refine((list) => list.every((each, at) => at === 0 || each > list[at - 1]!), 'expected them ascending')
const rate = z.number().int().min(1)
const tries = z.number().int().min(1)
const pairs = z.number().int().min(1)

/** How far each variant can be loaded; the trials follow from it. */
export const saturation = z.strictObject({
  /** A scenario of the engine autocannon, with so many connections. */
  sweep: z.strictObject({
    scenario: z.string(),
    connections: connections.default([1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]),
  }),
  /** The highest arrival rate at which all of `holds` does, by a search. `variable`: of the script's environment, sets the rate. */
  rate: z
    .strictObject({
      scenario: z.string(),
      variable: z.string(),
      from: rate,
      to: rate,
      /** The search ends where what holds and what does not are no farther apart, as a share. */
      precision: z.number().gt(0).lt(1).default(0.1),
      /** Loads of one variant that can be used, at the most; half as many more may be void. */
      tries: tries.default(24),
      holds: z
        .record(recordedSubMetric, z.array(threshold).min(1))
        .default({ http_req_duration: ['p(99)<250'], http_req_failed: ['rate<0.001'] }),
    })
    .refine(({ from, to }) => from < to, 'expected "from" to be less than "to"')
    .optional(),
  /** The sweep's scenario and one of another engine that does the same, in pairs. `variable`: sets the users of that one. */
  crossCheck: z
    .strictObject({
      scenario: z.string(),
      variable: z.string(),
      connections: z.number().int().min(1).default(50),
      pairs: pairs.default(6),
    })
    .optional(),
  /** What changes with --quick. `variants`: besides the baseline only these, unless --variant names others. */
  quick: z
    .strictObject({
      connections,
      tries: tries.optional(),
      pairs: pairs.optional(),
      variants: z.array(z.string()).optional(),
    })
    .default({ connections: [1, 50], tries: 1, pairs: 1 }),
})

type SaturationConfig = z.output<typeof saturation>

/** The two engines agree where they are no farther apart than this. */
const agreeWithin = 0.05

const sweepStep = ({ sweep }: SaturationConfig, count: number): string => `${sweep.scenario}@${count}`

/** The two sides of the cross-check. All that sets them is in their names: those of two campaigns are one where they are alike. */
function checksOf({ sweep, crossCheck }: SaturationConfig): { name: string; of: string }[] {
  if (!crossCheck) return []
  const { scenario, variable, connections: count } = crossCheck
  return [
    { name: `${sweep.scenario}@check-${count}`, of: sweep.scenario },
    { name: `${scenario}@check-${variable}-${count}`, of: scenario },
  ]
}

/** The campaign with the scenarios that follow from its saturation, as it is, or shortened for a quick look. */
export function withSteps(campaign: ResolvedCampaign, { quick = false } = {}): ResolvedCampaign {
  if (!campaign.saturation) return campaign
  const own = quick ? shortened(campaign.saturation) : campaign.saturation
  const checks = checksOf(own).map(({ name }) => name)
  return {
    ...campaign,
    variants:
      quick && own.quick.variants ? [...new Set([campaign.baseline, ...own.quick.variants])] : campaign.variants,
    saturation: own,
    scenarios: [
      ...own.sweep.connections.map((count) => sweepStep(own, count)),
      ...checks,
      ...(own.rate ? [own.rate.scenario] : []),
    ],
    only: Object.fromEntries(checks.map((name) => [name, [campaign.baseline]])),
  }
}

function shortened({ quick, rate, crossCheck, sweep, ...rest }: SaturationConfig): SaturationConfig {
  return {
    ...rest,
    quick,
    sweep: { ...sweep, connections: quick.connections },
    ...(rate ? { rate: { ...rate, tries: quick.tries ?? rate.tries } } : {}),
    ...(crossCheck ? { crossCheck: { ...crossCheck, pairs: quick.pairs ?? crossCheck.pairs } } : {}),
  }
}

/** What a run is told of it. */
export function saturationPlan({ saturation: own, baseline }: ResolvedCampaign): SaturationPlan | null {
  if (!own) return null
  const { sweep, rate, crossCheck } = own
  const [swept, other] = checksOf(own)
  return {
    sweep,
    rate: rate
      ? {
          ...{ scenario: rate.scenario, from: rate.from, to: rate.to, precision: rate.precision },
          ...{ tries: rate.tries, loads: rate.tries + Math.floor(rate.tries / 2) },
          holds: Object.entries(rate.holds).flatMap(([metric, all]) =>
            all.map((expression) => ({ metric, expression })),
          ),
        }
      : null,
    crossCheck:
      crossCheck && swept && other
        ? {
            variant: baseline,
            scenarios: [swept.name, other.name],
            connections: crossCheck.connections,
            pairs: crossCheck.pairs,
            within: agreeWithin,
          }
        : null,
  }
}

/** Which step of a campaign a scenario is; undefined: none. */
export function stepOf({ saturation: own }: ResolvedCampaign, scenario: string): Step | undefined {
  if (!own) return undefined
  const { sweep, rate, crossCheck } = own
  const check = checksOf(own).find(({ name }) => name === scenario)
  if (check) return { kind: 'check', of: check.of, value: crossCheck!.connections }
  const [, of = '', value = ''] = /^(.*)@(\d+)$/.exec(scenario) ?? []
  if (of === sweep.scenario) return { kind: 'connections', of, value: Number(value) }
  return of !== '' && of === rate?.scenario ? { kind: 'rate', of, value: Number(value) } : undefined
}

/** The scenarios of a config with a step at this rate among them. @returns with the name of that step */
export function withRate(scenarios: Config['scenarios'], campaign: ResolvedCampaign, perSecond: number) {
  const { scenario, variable } = campaign.saturation!.rate!
  const name = `${scenario}@${perSecond}`
  return { name, scenarios: { ...scenarios, [name]: withVariable(scenarios[scenario]!, variable, perSecond) } }
}

/** The scenarios as they are read before a run: that of a search with its lowest rate, since its script may have none of its own. */
export function withLowestRate(scenarios: Config['scenarios'], { saturation: own }: ResolvedCampaign) {
  if (!own?.rate) return scenarios
  const { scenario, variable, from } = own.rate
  return { ...scenarios, [scenario]: withVariable(scenarios[scenario]!, variable, from) }
}

/**
 * The config with the steps of all of its campaigns among its scenarios.
 * @throws UserError for a name that names nothing, one that a step has, or an engine that does not fit
 */
export function withAllSteps(config: Config, file: string): Config {
  const steps: Record<string, ScenarioConfig> = {}
  for (const [name, { saturation: own }] of Object.entries(config.campaigns)) {
    if (!own) continue
    const where = `campaigns.${name}.saturation`
    assertOwnNames(config, own, `${file}: ${where}`)
    const made = madeOf(config, own)
    assertUntaken(config, own, Object.keys(made), { file, where })
    Object.assign(steps, made)
  }
  return { ...config, scenarios: { ...config.scenarios, ...steps } }
}

/** The steps of a saturation that are known before it runs: all but those of its rate. */
function madeOf({ scenarios }: Config, own: SaturationConfig): Record<string, ScenarioConfig> {
  const { sweep, crossCheck, quick } = own
  const swept = scenarios[sweep.scenario]!
  const counts = [...new Set([...sweep.connections, ...quick.connections])]
  const steps = Object.fromEntries(counts.map((count) => [sweepStep(own, count), withConnections(swept, count)]))
  if (!crossCheck) return steps
  const [first, second] = checksOf(own)
  const { scenario, variable, connections: count } = crossCheck
  return {
    ...steps,
    [first!.name]: withConnections(swept, count),
    [second!.name]: withVariable(scenarios[scenario]!, variable, count),
  }
}

/** What somebody wrote is never replaced by a step. */
function assertUntaken(
  { scenarios }: Config,
  { rate }: SaturationConfig,
  made: readonly string[],
  { file, where }: { file: string; where: string },
): void {
  const isRate = (name: string): boolean => {
    const [, of, value] = /^(.*)@([1-9]\d*)$/.exec(name) ?? []
    return rate !== undefined && of === rate.scenario && Number(value) >= rate.from && Number(value) <= rate.to
  }
  const taken = Object.keys(scenarios).find((name) => made.includes(name) || isRate(name))
  if (taken !== undefined)
    throw new UserError(
      `${file}: scenarios.${taken}: a step of ${where} has this name. Give the scenario another, without "@"`,
    )
}

function assertOwnNames({ scenarios, variants }: Config, own: SaturationConfig, where: string): void {
  const { sweep, rate, crossCheck, quick } = own
  for (const name of quick.variants ?? [])
    if (!variants[name])
      throw new UserError(
        `${where}.quick.variants: there is no variant "${name}". There are: ${Object.keys(variants).join(', ')}`,
      )
  const assertOne = (key: string, name: string, isSwept: boolean): void => {
    const scenario = scenarios[name]
    if (!scenario)
      throw new UserError(
        `${where}.${key}: there is no scenario "${name}". There are: ${Object.keys(scenarios).join(', ')}`,
      )
    if ((scenario.engine === 'autocannon') === isSwept) return
    throw new UserError(
      isSwept
        ? `${where}.${key}: scenario "${name}" has no connections to set: expected one of the engine "autocannon"`
        : `${where}.${key}: scenario "${name}" is of the engine "autocannon": expected a k6 script, whose ${key === 'rate' ? 'arrival rate' : 'users'} can be set`,
    )
  }
  assertOne('sweep', sweep.scenario, true)
  if (rate) assertOne('rate', rate.scenario, false)
  if (crossCheck) assertOne('crossCheck', crossCheck.scenario, false)
  if (rate) assertLimits(rate.holds, `${where}.rate.holds`)
}

/** A limit on what no load has would never hold, and the search would end without an answer. */
function assertLimits(holds: Record<string, string[]>, where: string): void {
  for (const [key, expressions] of Object.entries(holds)) {
    const { metric } = parseSubMetric(key)
    const row = metricTable.find(({ name }) => name === metric)
    for (const limit of expressions.map(parseThreshold)) {
      if (percentileOf(limit.stat) === 100)
        throw new UserError(
          `${where}.${key}: "${limit.text}": no number of samples is enough for p(100): expected "max"`,
        )
      if (row) assertStatFitsKind(limit, `${where}.${key}`, row.kind)
    }
  }
}

/** With --quick, too. */
const withConnections = (scenario: ScenarioConfig, count: number): ScenarioConfig => ({
  ...scenario,
  description: `${count} connections: ${scenario.description}`,
  options: { ...scenario.options, connections: count },
  ...(scenario.quick
    ? { quick: { ...scenario.quick, options: { ...scenario.quick.options, connections: count } } }
    : {}),
})

const withVariable = (scenario: ScenarioConfig, variable: string, value: number): ScenarioConfig => ({
  ...scenario,
  description: `${variable}=${value}: ${scenario.description}`,
  env: { ...scenario.env, [variable]: String(value) },
  ...(scenario.quick
    ? { quick: { ...scenario.quick, env: { ...scenario.quick.env, [variable]: String(value) } } }
    : {}),
})
