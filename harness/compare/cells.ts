import type { RunHeader } from '../record/schema.ts'

type Planned = Pick<RunHeader, 'variants' | 'scenarios' | 'cells'>

/** The variants of the header that run under this scenario, in the header's order. */
export function variantsUnder({ variants, cells }: Planned, scenario: string): RunHeader['variants'] {
  const cell = cells?.find((each) => each.scenario === scenario)
  return cell ? variants.filter(({ name }) => cell.variants.includes(name)) : variants
}

/** Steps of a saturation that are no part of its sweep are in no block. */
export const trialsABlock = (header: Planned): number =>
  header.scenarios
    .filter(({ step }) => step === undefined || step.kind === 'connections')
    .reduce((sum, { name }) => sum + variantsUnder(header, name).length, 0)
