/** The scenarios that follow from a saturation: one for each step. */
import { UserError, unknownName } from '../errors.ts'
import { parseSelector, printSelector } from '../metrics/selector.ts'
import type { RatePlan, SaturationPlan, Step } from '../record/schema.ts'
import type { ResolvedCampaign } from './campaigns.ts'
import type { Cell } from './cells.ts'
import { assertLimits } from './limits.ts'
import type { SaturationConfig } from './saturation.ts'
import type { Config, ScenarioConfig } from './schema.ts'

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

/** What a run is told of it. @param cells what can run on this machine: parts of which nothing can are not planned */
export function saturationPlan(
  { saturation: own, baseline }: ResolvedCampaign,
  cells: readonly Cell[],
): SaturationPlan | null {
  if (!own) return null
  const { sweep, rate, crossCheck } = own
  const [swept, other] = checksOf(own).filter(({ name }) => cells.some(({ scenario }) => scenario === name))
  return {
    sweep,
    rate: rate ? ratePlan(rate, cells) : null,
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

function ratePlan(
  { scenario, from, to, precision, tries, holds }: NonNullable<SaturationConfig['rate']>,
  cells: readonly Cell[],
): RatePlan | null {
  const cell = cells.find((each) => each.scenario === scenario)
  if (!cell) return null
  return {
    ...{ scenario, variants: cell.variants, from, to, precision, tries },
    loads: tries + Math.floor(tries / 2),
    holds: Object.entries(holds).flatMap(([metric, all]) => all.map((expression) => ({ metric, expression }))),
  }
}

/** Which step of a campaign a scenario is; undefined: none. */
export function stepOf({ saturation: own }: Pick<ResolvedCampaign, 'saturation'>, scenario: string): Step | undefined {
  if (!own) return undefined
  const { sweep, rate, quick } = own
  const check = checksOf(own).find(({ name }) => name === scenario)
  if (check) return { kind: 'check', of: check.of, value: own.crossCheck!.connections }
  const [, of = '', digits = ''] = /^(.*)@([1-9]\d*)$/.exec(scenario) ?? []
  const value = Number(digits)
  if (of === sweep.scenario && [...sweep.connections, ...quick.connections].includes(value))
    return { kind: 'connections', of, value }
  return rate && of === rate.scenario && value >= rate.from && value <= rate.to
    ? { kind: 'rate', of, value }
    : undefined
}

/** Which part of a saturation a scenario of its campaign is of: that of its rate, too; undefined: of none. */
export const partOf = (campaign: Pick<ResolvedCampaign, 'saturation'>, scenario: string): Step['kind'] | undefined =>
  scenario === campaign.saturation?.rate?.scenario ? 'rate' : stepOf(campaign, scenario)?.kind

/**
 * The config with the steps of all of its campaigns among its scenarios.
 * @throws UserError for a name that names nothing, one that a step has, or an engine that does not fit
 */
export function withAllSteps(config: Config, file: string): Config {
  const steps: Record<string, ScenarioConfig> = {}
  for (const [name, { saturation: own }] of Object.entries(config.campaigns)) {
    if (!own) continue
    assertFits(config, own, `${file}: campaigns.${name}.saturation`)
    // What somebody wrote is never replaced by a step.
    const taken = Object.keys(config.scenarios).find((each) => stepOf({ saturation: own }, each))
    if (taken !== undefined)
      throw new UserError(
        `${file}: scenarios.${taken}: a step of campaigns.${name}.saturation has this name. Give the scenario another, without "@"`,
      )
    Object.assign(steps, madeOf(config, own))
  }
  return { ...config, scenarios: { ...config.scenarios, ...steps } }
}

/** The steps of a saturation that are known before it runs: all but those of its rate. */
function madeOf({ scenarios }: Config, own: SaturationConfig): Record<string, ScenarioConfig> {
  const { sweep, crossCheck, quick } = own
  const swept = byThroughput(scenarios[sweep.scenario]!)
  const counts = [...new Set([...sweep.connections, ...quick.connections])]
  const steps = Object.fromEntries(counts.map((count) => [sweepStep(own, count), withConnections(swept, count)]))
  if (!crossCheck) return steps
  const [first, second] = checksOf(own)
  const { scenario, variable, connections: count } = crossCheck
  return {
    ...steps,
    [first!.name]: withConnections(swept, count),
    [second!.name]: withVariable(byThroughput(scenarios[scenario]!), variable, count),
  }
}

/** Whether all that it names is there and does what is asked of it. */
function assertFits({ scenarios, variants }: Config, own: SaturationConfig, where: string): void {
  const { sweep, rate, crossCheck, quick } = own
  for (const name of quick.variants ?? [])
    if (!variants[name]) throw unknownName(`${where}.quick.variants: variant`, name, Object.keys(variants))
  const assertOne = (key: string, name: string, isSwept: boolean): void => {
    const scenario = scenarios[name]
    if (!scenario) throw unknownName(`${where}.${key}: scenario`, name, Object.keys(scenarios))
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
  if (rate) assertLimits(rate.holds, (key) => `${where}.rate.holds.${key}`)
}

/**
 * Judged by throughput, whatever the verdict on the scenario itself goes by: a curve of latencies has no maximum, and no knee. Of
 * which phase is as the scenario or its script say, else of the only one: that is known when the script has been read.
 */
function byThroughput(scenario: ScenarioConfig): ScenarioConfig {
  const own = scenario.primary === undefined ? null : parseSelector(scenario.primary)
  const tags = own?.metric === 'throughput' ? own.tags : {}
  return { ...scenario, primary: printSelector({ metric: 'throughput', tags, stat: 'value' }) }
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

export function withVariable(scenario: ScenarioConfig, variable: string, value: number): ScenarioConfig {
  const { quick, pairs } = scenario
  const setIn = <Load extends { env: Record<string, string> }>(load: Load): Load => ({
    ...load,
    env: { ...load.env, [variable]: String(value) },
  })
  return {
    ...setIn(scenario),
    description: `${variable}=${value}: ${scenario.description}`,
    ...(quick ? { quick: setIn(quick) } : {}),
    ...(pairs ? { pairs: setIn(pairs) } : {}),
  }
}
