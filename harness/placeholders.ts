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

/**
 * Whether every placeholder of a config can be filled, before anything starts.
 * @throws UserError naming the first that cannot, and those that exist
 */
export function assertPlaceholders(
  variants: Record<string, Filled>,
  services: Record<string, Filled & { ports: readonly string[] }>,
): void {
  const values: Record<string, string> = { node: '', stateDir: '', trialDir: '', port: '' }
  const check = ({ command, env }: Filled, known: Record<string, string>, where: string): void => {
    fillInAll(command, known, where)
    fillInEnv(env, known, where)
  }
  // A service may name those that are declared, and so started, before it.
  for (const [name, service] of Object.entries(services)) {
    const own = Object.fromEntries(service.ports.map((port) => [`ports.${port}`, '']))
    check(service, { ...values, ...own }, `services.${name}`)
    for (const port of ['port', ...service.ports]) values[`services.${name}.${port}`] = ''
  }
  for (const [name, variant] of Object.entries(variants)) check(variant, values, `variants.${name}`)
}
