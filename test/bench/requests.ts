import { type Generator, generators } from './generators.ts'
import { type Measured, measure } from './measure.ts'
import type { Nginx } from './nginx.ts'
import { median, textTable } from './text-table.ts'

export interface Setting {
  seconds: number
  rounds: number
  cpus: string | null
  dir: string
}

/** By round; null where it could not be measured. */
type Rounds = (Measured | null)[]

/**
 * All generators with so many users, one after another in every round, in turned order, so that what the machine does
 * beside meets all of them. @returns the table, medians over the rounds
 */
export async function compareGenerators(nginx: Nginx, users: number, setting: Setting): Promise<string> {
  const all = generators()
  const byName = new Map<string, Rounds>(all.map(({ name }) => [name, []]))
  const problems: string[] = []
  for (let round = 0; round < setting.rounds; round++) {
    for (const generator of turned(all, round)) {
      const measured = await tryToMeasure(generator, nginx, users, setting, problems)
      byName.get(generator.name)![round] = measured
    }
  }
  const header = ['', 'requests/s', 'from', 'to', 'CPU us/request', 'to autocannon', 'to wrk']
  const table = textTable([header, ...all.map(({ name }) => rowOf(name, byName))])
  return [table, ...new Set(problems)].join('\n')
}

const turned = <T>(items: readonly T[], by: number): T[] => [
  ...items.slice(by % items.length),
  ...items.slice(0, by % items.length),
]

/** What another generator cannot do is a line of the result; what weir cannot do is a failure. */
async function tryToMeasure(
  generator: Generator,
  nginx: Nginx,
  users: number,
  setting: Setting,
  problems: string[],
): Promise<Measured | null> {
  try {
    return await measure(generator, nginx, { ...setting, users })
  } catch (error) {
    if (generator.name === 'weir') throw error
    problems.push(`  ${generator.name}: ${(error as Error).message.split('\n')[0]}`)
    return null
  }
}

function rowOf(name: string, byName: ReadonlyMap<string, Rounds>): string[] {
  const rounds = byName.get(name)!.filter((each) => each !== null)
  if (rounds.length === 0) return [name, ...Array<string>(6).fill('-')]
  const rates = rounds.map(({ requestsPerS }) => requestsPerS)
  const figures = [median(rates), Math.min(...rates), Math.max(...rates)].map((rate) => rate.toFixed(0))
  const cpu = median(rounds.map(({ cpuUsPerRequest }) => cpuUsPerRequest)).toFixed(1)
  return [name, ...figures, cpu, ...['autocannon', 'wrk'].map((other) => ratio(byName.get(name)!, byName.get(other)))]
}

/** The median of the ratios within the rounds. */
function ratio(rounds: Rounds, others: Rounds | undefined): string {
  const ratios = rounds.flatMap((each, round) => {
    const other = others?.[round]
    return each && other ? [each.requestsPerS / other.requestsPerS] : []
  })
  return ratios.length === 0 ? '-' : median(ratios).toFixed(2)
}
