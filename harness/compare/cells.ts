import type { RunHeader } from '../record/schema.ts'

type Planned = Pick<RunHeader, 'variants' | 'scenarios' | 'cells'>

/** The variants of the header that run under this scenario, in the header's order. */
export function variantsUnder({ variants, cells }: Planned, scenario: string): RunHeader['variants'] {
  const cell = cells?.find((each) => each.scenario === scenario)
  return cell ? variants.filter(({ name }) => cell.variants.includes(name)) : variants
}

export const trialsABlock = (header: Planned): number =>
  header.scenarios.reduce((sum, { name }) => sum + variantsUnder(header, name).length, 0)
