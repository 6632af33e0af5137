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
