import { UserError, unknownName } from '../errors.ts'
import { assertGate } from './gate-names.ts'
import { assertScenario } from './scenario-names.ts'
import type { CampaignConfig, Config } from './schema.ts'

export function assertKnown(kind: string, name: string, known: object): void {
  if (!Object.hasOwn(known, name)) throw unknownName(kind, name, Object.keys(known))
}

/** Whether every name in a config names something. @throws UserError for the first that does not */
export function assertNames(config: Config, file: string): void {
  for (const section of ['variants', 'scenarios', 'services'] as const)
    for (const [name, row] of Object.entries(config[section])) {
      const where = `${file}: ${section}.${name}`
      for (const need of row.needs) assertKnown(`${where}: need`, need, config.needs)
      const services = 'services' in row ? row.services : []
      const tasks = 'tasks' in row ? Object.keys(row.tasks ?? {}) : []
      for (const variant of tasks) assertKnown(`${where}: tasks: variant`, variant, config.variants)
      for (const service of services ?? []) assertKnown(`${where}: service`, service, config.services)
    }
  for (const [name, campaign] of Object.entries(config.campaigns))
    assertCampaign(campaign, config, `${file}: campaigns.${name}`)
  for (const [name, gate] of Object.entries(config.gates)) assertGate(name, gate, config, file)
}

function assertCampaign(
  { variants, scenarios, only = {}, baseline, claims, ablation }: CampaignConfig,
  config: Config,
  where: string,
): void {
  for (const variant of [...variants, baseline]) assertKnown(`${where}: variant`, variant, config.variants)
  for (const scenario of scenarios) assertScenario(`${where}: scenario`, scenario, config)
  for (const { id, needs, variant, against, claimed } of claims ?? []) {
    for (const need of needs) assertKnown(`${where}: claim "${id}": need`, need, config.needs)
    if (variant === against && !('value' in claimed))
      throw new UserError(
        `${where}: claim "${id}" holds variant "${variant}" against itself; claim a value, or name another`,
      )
  }
  assertOnce(`${where}: variant`, variants)
  assertOnce(`${where}: scenario`, scenarios)
  assertOnce(`${where}: claim`, claims?.map(({ id }) => id) ?? [])
  if (!variants.includes(baseline))
    throw new UserError(`${where}: baseline "${baseline}" is not among its variants: ${variants.join(', ')}`)
  const [listed, ran] = [scenarios, variants].map((names) => Object.fromEntries(names.map((name) => [name, true])))
  for (const [scenario, few] of Object.entries(only)) {
    assertKnown(`${where}: only: scenario`, scenario, listed!)
    for (const variant of few) assertKnown(`${where}: only.${scenario}: variant`, variant, ran!)
  }
  const others = Object.fromEntries(variants.filter((name) => name !== baseline).map((name) => [name, true]))
  const ablated = [...(ablation?.together === undefined ? [] : [ablation.together]), ...(ablation?.of ?? [])]
  for (const variant of ablated) assertKnown(`${where}: ablation: variant`, variant, others)
}

/** A block holds each of them once: a second time would be a trial that nothing is compared with. */
function assertOnce(kind: string, names: string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) < index)
  if (twice !== undefined) throw new UserError(`${kind} "${twice}" is named twice; name each once`)
}
