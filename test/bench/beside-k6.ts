import type { Bench, Part } from './bench.ts'
import { figureTable } from './figures.ts'
import { type Generator, generatorNamed, leftOut } from './generators.ts'
import { whileAsking } from './measure.ts'
import { type Nginx, withNginx } from './nginx.ts'
import { rssKBOfFamily } from './process-figures.ts'
import { median } from './text-table.ts'

/** Few: what the program takes without users cancels out, and both have their compilers and heaps by then. */
const fewOf = (many: number): number => Math.ceil(many / 10)

/** What a user costs each of the two, at the same number of users. */
export const besideK6 = (many: number): Part => ({
  name: 'k6',
  title: `memory of a user of an http.get loop beside k6: (RSS with ${many} - RSS with ${fewOf(many)}) / ${many - fewOf(many)}`,
  connections: many,
  run: (bench) => withNginx(bench, many, (nginx) => compare(nginx, many, bench)),
})

interface Round {
  weir: number
  k6: number
}

async function compare(nginx: Nginx, users: number, bench: Bench): Promise<string> {
  const [weir, k6] = [generatorNamed('weir')!, generatorNamed('k6')]
  if (k6 === null) return leftOut(users).find((line) => line.startsWith('  k6 '))!
  const rounds: Round[] = []
  for (let round = 0; round < bench.options.rounds; round++)
    rounds.push({ weir: await KBPerUser(weir, nginx, users, bench), k6: await KBPerUser(k6, nginx, users, bench) })
  return figureTable([
    { what: 'memory', unit: 'KB/user', value: median(rounds.map(({ weir }) => weir)), digits: 1, target: null },
    { what: 'memory of k6', unit: 'KB/user', value: median(rounds.map(({ k6 }) => k6)), digits: 1, target: null },
    {
      what: 'memory to that of k6',
      unit: 'times',
      value: median(rounds.map(({ weir, k6 }) => weir / k6)),
      digits: 3,
      target: { atMost: 1 / 20 },
    },
  ])
}

async function KBPerUser(generator: Generator, nginx: Nginx, many: number, bench: Bench): Promise<number> {
  const few = fewOf(many)
  const rssKB = (users: number): Promise<number> =>
    whileAsking(generator, nginx, { users, seconds: 0 }, bench, async (pid) => rssKBOfFamily(pid))
  return ((await rssKB(many)) - (await rssKB(few))) / (many - few)
}
