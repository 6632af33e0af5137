import { withRate } from '../config/rate-steps.ts'
import type { LoadedConfig } from '../config.ts'
import { type StoredRun, updateHeader } from '../record/store.ts'
import { headerScenario } from './header.ts'
import { type Engines, type PreparedScenario, prepareScenarios } from './prepare.ts'
import type { CampaignRequest } from './request.ts'

/** How scenarios are prepared. */
export interface Preparation {
  mode: Parameters<typeof prepareScenarios>[2]
  engines: Engines
}

export interface RateSetting {
  config: LoadedConfig
  request: CampaignRequest
  stored: StoredRun
  preparation: Preparation
  signal: AbortSignal
}

/** The step of a search at this rate, as a scenario of its own: read as any other, and named in the header before it runs. */
export async function rateStep(
  rate: number,
  variant: string,
  { config, request: { campaign }, stored, preparation: { mode, engines }, signal }: RateSetting,
): Promise<{ name: string; scenario: PreparedScenario; config: LoadedConfig }> {
  const { name, scenarios } = withRate(config.scenarios, campaign, rate)
  const own = { ...config, scenarios }
  const cell = { scenario: name, variants: [variant] }
  const scenario = (await prepareScenarios(own, [cell], mode, engines, signal)).get(name)!
  const known = stored.header.scenarios
  if (!known.some((each) => each.name === name))
    await updateHeader(stored, { scenarios: [...known, headerScenario(config, campaign, name, scenario)] })
  return { name, scenario, config: own }
}
