import { messageOf, UserError } from '../errors.ts'
import { assertLimits } from './limits.ts'
import { assertScenario } from './scenario-names.ts'
import type { Config, GateConfig } from './schema.ts'
import { readVariantName } from './variant-names.ts'

/** It stands in file names and in the mark of a comment. */
const gateName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

/** Whether all that a gate names is there, and its limits are such as their metrics can have. @throws UserError */
export function assertGate(name: string, gate: GateConfig, config: Config, file: string): void {
  const where = `${file}: gates.${name}`
  if (!gateName.test(name))
    throw new UserError(`${where}: expected a name of letters, digits, ".", "_" and "-", found "${name}"`)
  at(where, () => assertSides(gate, config.variants))
  for (const [scenario, { metrics = [], limits }] of Object.entries(gate.scenarios)) {
    assertScenario(`${where}: scenario`, scenario, config)
    const names = metrics.map(({ metric }) => metric)
    const twice = names.find((metric, index) => names.indexOf(metric) < index)
    if (twice !== undefined) throw new UserError(`${where}: scenarios.${scenario}: metric "${twice}" is named twice`)
    at(`${where}: scenarios.${scenario}`, () => assertLimits(limits))
  }
}

/** @throws UserError where a side is no variant, or both are the same */
export function assertSides({ base, head }: Pick<GateConfig, 'base' | 'head'>, variants: Config['variants']): void {
  for (const written of [base, head]) readVariantName(written, variants)
  if (base === head)
    throw new UserError(
      `variant "${base}" is both base and head: nothing is compared. Write ${base}@DIR for the one in another checkout`,
    )
}

function at(where: string, check: () => void): void {
  try {
    check()
  } catch (error) {
    throw new UserError(`${where}: ${messageOf(error)}`)
  }
}
