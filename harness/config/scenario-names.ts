import { unknownName } from '../errors.ts'
import type { Config } from './schema.ts'

/** Scenarios as somebody wrote them, without the steps that follow from campaigns (`hello@50` beside `hello`). */
export const writtenScenarios = (scenarios: Config['scenarios']): string[] =>
  Object.keys(scenarios).filter((name) => {
    const [, base] = /^(.+)@[^@]+$/.exec(name) ?? []
    return base === undefined || !Object.hasOwn(scenarios, base)
  })

/** @param kind what the message begins with @throws UserError that lists the scenarios that there are */
export function assertScenario(kind: string, name: string, scenarios: Config['scenarios']): void {
  if (!Object.hasOwn(scenarios, name)) throw unknownName(kind, name, writtenScenarios(scenarios))
}
