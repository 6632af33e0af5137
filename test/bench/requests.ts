import type { Bench, Part } from './bench.ts'
import { type Figure, figureTable } from './figures.ts'
import { type Generator, generatorsFor, leftOut } from './generators.ts'
import { type Measured, measure } from './measure.ts'
import { type Nginx, withNginx } from './nginx.ts'
import { median, textTable } from './text-table.ts'

/** `http.get` in a loop, weir beside the others. */
export const requestsOf = (users: number): Part => ({
  name: 'requests',
  title: `http.get in a loop, ${users} users: medians, lowest and highest requests/s`,
  connections: users,
  run: (bench) => withNginx(bench, users, (nginx) => compareGenerators(nginx, users, bench)),
})

/** By round; null where it could not be measured. */
type Rounds = (Measured | null)[]

/**
 * All generators with so many users, one after another in every round, in turned order, so that what the machine does
 * beside meets all of them. @returns the table, medians over the rounds
 */
async function compareGenerators(nginx: Nginx, users: number, bench: Bench): Promise<string> {
  const all = generatorsFor(users)
  const byName = new Map<string, Rounds>(all.map(({ name }) => [name, []]))
  const problems: string[] = []
  for (let round = 0; round < bench.options.rounds; round++) {
    for (const generator of turned(all, round)) {
      const measured = await tryToMeasure(generator, nginx, users, bench, problems)
      byName.get(generator.name)![round] = measured
    }
  }
  const table = textTable([header, ...all.map(({ name }) => rowOf(name, byName))])
  const notes = [...leftOut(users), ...new Set(problems), ...disturbances(byName)]
  return [table, ...notes, '', figureTable(figuresOf(byName, users))].join('\n')
}

/** The bounds that were set for few and for very many users. */
const boundsFor = (users: number) =>
  users >= 1000 ? { autocannon: 1.8, wrk: 0.75, k6: null } : { autocannon: 1.8, wrk: 0.7, k6: 8 }

/**
 * Where the generator has its core to itself, requests/s and requests per CPU second stand in the same ratio; where
 * it has not, the second still holds.
 */
function figuresOf(byName: ReadonlyMap<string, Rounds>, users: number): Figure[] {
  const { autocannon, wrk, k6 } = boundsFor(users)
  const figure = (what: string, value: number, least: number | null): Figure => {
    return { what, unit: 'times', digits: 2, value, target: least === null ? null : { atLeast: least } }
  }
  const rate = (other: string) => ratio(byName.get('weir'), byName.get(other), 'requestsPerS')
  const perCpu = (other: string) => ratio(byName.get(other), byName.get('weir'), 'cpuUsPerRequest')
  return [
    figure('requests/s of autocannon', rate('autocannon'), autocannon),
    figure('requests/s of wrk', rate('wrk'), wrk),
    figure('requests per CPU second of autocannon', perCpu('autocannon'), null),
    figure('requests per CPU second of wrk', perCpu('wrk'), null),
    ...(k6 === null ? [] : [figure('requests per CPU second of k6', perCpu('k6'), k6)]),
  ]
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
  'to k6',
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
  bench: Bench,
  problems: string[],
): Promise<Measured | null> {
  try {
    return await measure(generator, nginx, users, bench)
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
  const to = (other: string, figure: keyof Measured) => {
    const value = ratio(byName.get(name), byName.get(other), figure)
    return Number.isNaN(value) ? '-' : value.toFixed(2)
  }
  const ratios = [to('autocannon', 'requestsPerS'), to('wrk', 'requestsPerS')]
  return [name, ...figures, ...ratios, cpu, to('autocannon', 'cpuUsPerRequest'), to('k6', 'cpuUsPerRequest'), busy]
}

/** The median of the ratios within the rounds; NaN where there is none. */
function ratio(rounds: Rounds = [], others: Rounds = [], figure: keyof Measured): number {
  const ratios = rounds.flatMap((each, round) => {
    const other = others[round]
    return each && other ? [each[figure] / other[figure]] : []
  })
  return median(ratios)
}
