/** The steps of a search for a rate: each is made when it is tried, or asked for. */
import { UserError } from '../errors.ts'
import type { ResolvedCampaign } from './campaigns.ts'
import { stepOf, withVariable } from './saturation-steps.ts'
import type { Config } from './schema.ts'

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
 * The config with the step that is asked for by name (`paced@500`) among its scenarios, where it is one of a search.
 * @throws UserError where the search tries no such rate, or several searches mean other things by it
 */
export function withAskedRate<C extends Config>(config: C, asked: string): C {
  const [, of = '', digits = ''] = /^(.*)@([1-9]\d*)$/.exec(asked) ?? []
  const searches = Object.hasOwn(config.scenarios, asked) ? [] : searchesOf(config, of)
  if (searches.length === 0) return config
  const [search, ...others] = searches.filter(({ campaign }) => stepOf(campaign, asked))
  if (!search) {
    const ranges = searches.map(({ name, rate }) => `${rate.from} to ${rate.to} (campaigns.${name})`)
    throw new UserError(`scenario "${asked}": expected a rate that is searched for: from ${ranges.join(', or ')}`)
  }
  const other = others.find(({ rate }) => rate.variable !== search.rate.variable)
  if (other)
    throw new UserError(
      `scenario "${asked}": campaigns.${search.name} sets ${search.rate.variable} of "${of}", campaigns.${other.name} ${other.rate.variable}: write a scenario that has one of them in its env`,
    )
  return { ...config, scenarios: withRate(config.scenarios, search.campaign, Number(digits)).scenarios }
}

/** The same for each of several names. */
export const withAskedRates = <C extends Config>(config: C, asked: readonly string[]): C =>
  asked.reduce(withAskedRate<C>, config)

/**
 * What of a scenario only a search sets, and what to do where it is asked for by itself; null: nothing.
 * @param env of the scenario, as it was to run
 */
export function unsetRate(config: Config, scenario: string, env: Readonly<Record<string, string>>): string | null {
  const search = searchesOf(config, scenario).find(({ rate }) => env[rate.variable] === undefined)
  if (!search) return null
  const { variable, from } = search.rate
  return `${variable} is not set, which campaigns.${search.name} sets for each of its tries: ask for "${scenario}@${from}" or another rate, or write ${variable} into scenarios.${scenario}.env`
}

/** The campaigns that search for the highest rate of a scenario. */
const searchesOf = ({ campaigns }: Config, scenario: string) =>
  Object.entries(campaigns).flatMap(([name, campaign]) => {
    const rate = campaign.saturation?.rate
    return rate?.scenario === scenario ? [{ name, campaign, rate }] : []
  })
