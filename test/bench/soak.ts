import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench, Part } from './bench.ts'
import { figureTable } from './figures.ts'
import { generatorNamed } from './generators.ts'
import { whileAsking } from './measure.ts'
import { type Nginx, withNginx } from './nginx.ts'
import { rssKBOfFamily } from './process-figures.ts'
import { textTable } from './text-table.ts'

const users = 100

/** Does memory grow with the length of a run? Compilers and heaps have a minute to find their size. */
export const soak = (seconds: number): Part => ({
  name: 'soak',
  title: `http.get in a loop, ${users} users for ${seconds} s: memory of all of weir's processes`,
  connections: users,
  run: (bench) => withNginx(bench, users, (nginx) => describe(nginx, seconds, bench)),
})

interface Reading {
  atS: number
  rssMB: number
  requests: number
}

async function describe(nginx: Nginx, seconds: number, bench: Bench): Promise<string> {
  const weir = generatorNamed('weir')!
  const readings = await whileAsking(weir, nginx, { users, seconds }, bench, (pid) => watch(pid, nginx, seconds))
  const settled = readings.find(({ atS }) => atS >= settledAfterS(seconds))!
  const ratio = readings.at(-1)!.rssMB / settled.rssMB
  const rows = readings.map(({ atS, rssMB, requests }) => [atS.toFixed(1), rssMB.toFixed(1), `${requests}`])
  return [
    textTable([['s', 'RSS MB', 'requests'], ...rows]),
    '',
    figureTable([
      {
        what: `memory at the end to that after ${settled.atS.toFixed(1)} s`,
        unit: 'times',
        value: ratio,
        digits: 3,
        target: { atMost: 1.1 },
      },
    ]),
  ].join('\n')
}

const settledAfterS = (seconds: number): number => Math.min(60, seconds / 10)
const intervalS = (seconds: number): number => Math.min(10, seconds / 10)

async function watch(pid: number, nginx: Nginx, seconds: number): Promise<Reading[]> {
  const readings: Reading[] = []
  const startedMs = performance.now()
  const { requests: before } = await nginx.status()
  for (let dueS = 0; dueS <= seconds; dueS += intervalS(seconds)) {
    await sleep(Math.max(0, startedMs + 1000 * dueS - performance.now()))
    const { requests, atMs } = await nginx.status()
    readings.push({ atS: (atMs - startedMs) / 1000, rssMB: rssKBOfFamily(pid) / 1000, requests: requests - before })
  }
  return readings
}
