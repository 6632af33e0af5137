import { UserError } from './errors.ts'

/**
 * Fills `{port}`, `{services.stubs.tls}` and the like into a command or an environment of the config.
 * @throws UserError naming the placeholder and those that exist
 */
export function fillIn(text: string, values: Readonly<Record<string, string>>, where: string): string {
  return text.replace(/\{([A-Za-z][\w.-]*)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value !== undefined) return value
    throw new UserError(
      `${where}: "${whole}" in "${text}" is not known. It is one of: ${Object.keys(values)
        .map((known) => `{${known}}`)
        .join(', ')}`,
    )
  })
}

export const fillInAll = (
  texts: readonly string[],
  values: Readonly<Record<string, string>>,
  where: string,
): string[] => texts.map((text) => fillIn(text, values, where))

export const fillInEnv = (
  env: Record<string, string>,
  values: Readonly<Record<string, string>>,
  where: string,
): Record<string, string> =>
  Object.fromEntries(Object.entries(env).map(([name, text]) => [name, fillIn(text, values, `${where}: env.${name}`)]))

interface Filled {
  command: readonly string[]
  env: Record<string, string>
}

type FilledServices = Record<string, Filled & { ports: readonly string[] }>

/**
 * Whether every placeholder of services and variants can be filled, before anything starts.
 * @throws UserError naming the first that cannot, and those that exist
 */
export function assertPlaceholders(variants: Record<string, Filled>, services: FilledServices): void {
  const values = assertServices(services)
  for (const [name, variant] of Object.entries(variants)) check(variant, { ...values, port: '' }, `variants.${name}`)
}

/** One trial as its placeholders see it: only the services that it starts are there. */
interface FilledTrial {
  services: FilledServices
  scenario: { name: string; env: Record<string, string>; targetEnv: Record<string, string> }
  /** Null: it is not started. */
  variant: (Filled & { name: string }) | null
}

/**
 * Whether every placeholder of one trial can be filled by the services that it starts.
 * @throws UserError naming the first that cannot, and those that exist
 */
export function assertTrialPlaceholders({ services, scenario, variant }: FilledTrial): void {
  const values = assertServices(services)
  const where = `scenarios.${scenario.name}`
  fillInEnv(scenario.env, values, where)
  if (!variant) return
  const ofTarget = { ...values, port: '' }
  check(variant, ofTarget, `variants.${variant.name} under ${where}`)
  fillInEnv(scenario.targetEnv, ofTarget, `${where}: target`)
}

/** Ports are chosen when a trial begins; until then this one, on which nothing answers, stands for each. */
const portToCome = '9'

/** What the environment of a scenario may name, with `stateDir` filled in and ports that are yet to be chosen. */
export const valuesToCome = (services: FilledServices, stateDir: string): Record<string, string> => ({
  node: process.execPath,
  stateDir,
  trialDir: stateDir,
  ...Object.fromEntries(Object.entries(services).flatMap(([name, service]) => portsOf(name, service))),
})

const portsOf = (name: string, { ports }: { ports: readonly string[] }): [string, string][] =>
  ['port', ...ports].map((port) => [`services.${name}.${port}`, portToCome])

/** @returns what those who come after the services may name */
function assertServices(services: FilledServices): Record<string, string> {
  const values = valuesToCome({}, '')
  // A service may name those that are declared, and so started, before it.
  for (const [name, service] of Object.entries(services)) {
    const own = Object.fromEntries(service.ports.map((port) => [`ports.${port}`, '']))
    check(service, { ...values, port: '', ...own }, `services.${name}`)
    Object.assign(values, Object.fromEntries(portsOf(name, service)))
  }
  return values
}

function check({ command, env }: Filled, known: Record<string, string>, where: string): void {
  fillInAll(command, known, where)
  fillInEnv(env, known, where)
}
