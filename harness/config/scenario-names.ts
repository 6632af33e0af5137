import { unknownName } from '../errors.ts'
import { stepOf } from './saturation-steps.ts'
import type { Config } from './schema.ts'

type Named = Pick<Config, 'scenarios' | 'campaigns'>

/** Scenarios as somebody wrote them, without the steps that follow from campaigns (`hello@50` beside `hello`). */
export const writtenScenarios = ({ scenarios, campaigns }: Named): string[] =>
  Object.keys(scenarios).filter((name) => !Object.values(campaigns).some((campaign) => stepOf(campaign, name)))

/** @param kind what the message begins with @throws UserError that lists the scenarios that there are */
export function assertScenario(kind: string, name: string, config: Named): void {
  if (!Object.hasOwn(config.scenarios, name)) throw unknownName(kind, name, writtenScenarios(config))
}
