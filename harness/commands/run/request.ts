import { join } from 'node:path'
import type { CampaignRequest } from '../../campaign/request.ts'
import { findResumable } from '../../campaign/resume.ts'
import { lackingPairs } from '../../compare/lacking.ts'
import { nextRate } from '../../compare/saturation/saturation.ts'
import { withClaims } from '../../config/campaigns.ts'
import { withSteps } from '../../config/saturation-steps.ts'
import { assertKnown, assertScenario, type CampaignConfig, type LoadedConfig } from '../../config.ts'
import { UserError } from '../../errors.ts'
import { assertKeepsPlan, type ParsedArguments, seedOf } from '../arguments.ts'

/** What `weir run` accepts. */
export const runOptions = {
  quick: 'flag',
  variant: 'list',
  scenario: 'list',
  blocks: 'value',
  seed: 'value',
  resume: 'optional',
  live: 'attached',
  config: 'value',
} as const

/** @throws UserError for names that do not exist, and for a run that cannot be resumed */
export async function readRequest(config: LoadedConfig, parsed: ParsedArguments): Promise<CampaignRequest> {
  const [name = 'main', ...rest] = parsed.positionals
  if (rest.length > 0) throw new UserError(`weir run takes one campaign, found also: ${rest.join(' ')}`)
  assertKnown('campaign', name, config.campaigns)
  const id = parsed.value('resume')
  if (id !== undefined) return await requestOfRun(config, name, id || null, parsed)
  const asked = {
    variants: parsed.list('variant'),
    scenarios: parsed.list('scenario'),
    blocks: parsed.count('blocks', 1) ?? null,
  }
  return {
    name,
    campaign: narrow(config, config.campaigns[name]!, asked, parsed.flag('quick')),
    quick: parsed.flag('quick'),
    seed: seedOf(parsed),
    asked,
    lacking: lackingPairs,
    nextRate,
  }
}

/** What a run that was cut off had been asked for: it keeps that, and its seed. */
async function requestOfRun(
  config: LoadedConfig,
  name: string,
  id: string | null,
  parsed: ParsedArguments,
): Promise<CampaignRequest> {
  assertKeepsPlan(parsed, ['quick', 'variant', 'scenario', 'blocks', 'seed'])
  const resume = await findResumable(join(config.dir, '.weir', 'runs'), name, id)
  const { quick, seed, asked = { variants: [], scenarios: [], blocks: null } } = resume.header
  const campaign = narrow(config, config.campaigns[name]!, asked, quick)
  return { name, campaign, quick, seed, asked, lacking: lackingPairs, nextRate, resume }
}

function narrow(
  config: LoadedConfig,
  campaign: CampaignConfig,
  asked: CampaignRequest['asked'],
  quick: boolean,
): CampaignConfig {
  for (const name of asked.variants) assertKnown('variant', name, config.variants)
  for (const name of asked.scenarios) assertScenario('scenario', name, config)
  const { blocks } = asked
  const narrowed = campaign.claims ? narrowClaims(campaign, asked) : narrowNames(withSteps(campaign, { quick }), asked)
  return blocks === null ? narrowed : { ...narrowed, blocks, moreBlocks: 0, quick: { blocks } }
}

/** Any variant or scenario of the config may be asked for; the baseline always runs. */
function narrowNames(campaign: CampaignConfig, { variants, scenarios }: CampaignRequest['asked']): CampaignConfig {
  if (campaign.saturation && scenarios.length > 0)
    throw new UserError('the scenarios of a saturation follow from its config: leave out --scenario')
  return {
    ...campaign,
    variants: variants.length === 0 ? campaign.variants : [...new Set([campaign.baseline, ...variants])],
    scenarios: scenarios.length === 0 ? campaign.scenarios : [...new Set(scenarios)],
  }
}

function narrowClaims(campaign: CampaignConfig, { variants, scenarios }: CampaignRequest['asked']): CampaignConfig {
  const isAsked = (name: string, names: string[]) => names.length === 0 || names.includes(name)
  const all = campaign.claims ?? []
  const claims = all.filter(({ variant, scenario }) => isAsked(variant, variants) && isAsked(scenario, scenarios))
  if (claims.length > 0) return withClaims(campaign, claims)
  const near = all.filter(({ variant, scenario }) => variants.includes(variant) || scenarios.includes(scenario))
  throw new UserError(
    `no claim is about what --variant and --scenario ask for. There are claims about ${aboutInWords(near.length > 0 ? near : all)}`,
  )
}

/** `polling, channel under turns; mutex under boot` */
const aboutInWords = (claims: NonNullable<CampaignConfig['claims']>): string =>
  [...Map.groupBy(claims, ({ scenario }) => scenario)]
    .map(([scenario, some]) => `${[...new Set(some.map(({ variant }) => variant))].join(', ')} under ${scenario}`)
    .join('; ')
