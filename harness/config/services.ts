import { type Config, isLaunched, isTaskOnly } from './schema.ts'

type Parts = Pick<Config, 'variants' | 'services' | 'scenarios'>

/**
 * The services that a trial starts, in the order in which they are declared: those that its variant names and those
 * that its scenario names (who names none means all that are not optional), and those that these refer to. A suite has
 * no server that would need any: there just the scenario's count, and none unless it names them.
 */
export function servicesOfTrial({ variants, services, scenarios }: Parts, scenario: string, variant: string): string[] {
  const usual = Object.keys(services).filter((name) => !services[name]!.optional)
  const [server, load] = [variants[variant]!, scenarios[scenario]!]
  const ofSuite = load.tasks !== undefined || isTaskOnly(server)
  const named = ofSuite ? [...(load.services ?? [])] : [...(server.services ?? usual), ...(load.services ?? usual)]
  const wanted = new Set<string>()
  for (let name = named.pop(); name !== undefined; name = named.pop()) {
    if (wanted.has(name)) continue
    wanted.add(name)
    named.push(...referredTo(services, name))
  }
  return Object.keys(services).filter((name) => wanted.has(name))
}

/** A service that is told the port of another cannot do without it. */
function referredTo(services: Config['services'], name: string): string[] {
  const { command, env } = services[name]!
  const texts = [...command, ...Object.values(env)].join('\n')
  return Object.keys(services).filter((other) => other !== name && texts.includes(`{services.${other}.`))
}

/** Everything that a trial cannot do without, by name: what it needs of the machine, and an engine that it asks for. */
export function needsOfTrial(config: Parts, scenario: string, variant: string): string[] {
  const services = servicesOfTrial(config, scenario, variant).flatMap((name) => config.services[name]!.needs)
  const { needs, engine } = config.scenarios[scenario]!
  const engines = engine === undefined ? [] : [engineNeed(engine)]
  return [...new Set([...engines, ...needs, ...config.variants[variant]!.needs, ...services])]
}

/** An engine among the needs, which have names of their own in the config. */
export const engineNeed = (engine: string): string => `engine ${engine}`

/** The task of a suite that a variant stands for under a scenario; undefined: none. */
export function taskOf({ variants, scenarios }: Parts, scenario: string, variant: string): string | undefined {
  const { tasks } = scenarios[scenario]!
  const server = variants[variant]!
  return tasks?.[variant] ?? (isTaskOnly(server) ? server.task : undefined)
}

/** Whether the environment that a scenario gives the target can be given to this variant. */
export const takesEnvironment = ({ variants, scenarios }: Parts, scenario: string, variant: string): boolean =>
  isLaunched(variants[variant]!) || Object.keys(scenarios[scenario]!.target?.env ?? {}).length === 0
