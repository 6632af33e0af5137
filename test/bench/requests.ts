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
  const table = textTable([header, ...all.map(({ name }) => rowOf(name, byName))])
  return [table, ...new Set(problems), ...disturbances(byName)].join('\n')
}

const turned = <T>(items: readonly T[], by: number): T[] => [
  ...items.slice(by % items.length),
  ...items.slice(0, by % items.length),
]

const header = [
  '',
  'requests/s',
  'from',
  'to',
  'to autocannon',
  'to wrk',
  'CPU us/request',
  'to autocannon',
  'core busy',
]

/** On a core that others used too, requests/s tell of them. */
function disturbances(byName: ReadonlyMap<string, Rounds>): string[] {
  const busy = [...byName.values()].flat().filter((each) => each !== null)
  if (busy.every((each) => each.busy >= 0.85)) return []
  return ['  not every generator had its core to itself: compare CPU per request rather than requests/s']
}

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
  if (rounds.length === 0) return [name, ...header.slice(1).map(() => '-')]
  const rates = rounds.map(({ requestsPerS }) => requestsPerS)
  const figures = [median(rates), Math.min(...rates), Math.max(...rates)].map((rate) => rate.toFixed(0))
  const cpu = median(rounds.map(({ cpuUsPerRequest }) => cpuUsPerRequest)).toFixed(1)
  const busy = `${(100 * median(rounds.map((each) => each.busy))).toFixed(0)}%`
  const to = (other: string, figure: Figure) => ratio(byName.get(name)!, byName.get(other), figure)
  const ratios = [to('autocannon', 'requestsPerS'), to('wrk', 'requestsPerS')]
  return [name, ...figures, ...ratios, cpu, to('autocannon', 'cpuUsPerRequest'), busy]
}

type Figure = 'requestsPerS' | 'cpuUsPerRequest'

/** The median of the ratios within the rounds. */
function ratio(rounds: Rounds, others: Rounds | undefined, figure: Figure): string {
  const ratios = rounds.flatMap((each, round) => {
    const other = others?.[round]
    return each && other ? [each[figure] / other[figure]] : []
  })
  return ratios.length === 0 ? '-' : median(ratios).toFixed(2)
}
