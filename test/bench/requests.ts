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

/**
 * All generators with so many users, one after another in every round, in turned order, so that what the machine does
 * beside meets all of them. @returns the table, medians over the rounds
 */
export async function compareGenerators(nginx: Nginx, users: number, setting: Setting): Promise<string> {
  const all = generators()
  const measured = new Map(all.map((generator) => [generator, [] as Measured[]]))
  for (let round = 0; round < setting.rounds; round++) {
    for (const generator of turned(all, round)) {
      measured.get(generator)!.push(await measure(generator, nginx, { ...setting, users }))
    }
  }
  return textTable([
    ['', 'requests/s', 'from', 'to', 'CPU us/request', 'to autocannon', 'to wrk'],
    ...all.map((generator) => rowOf(generator, measured)),
  ])
}

const turned = <T>(items: readonly T[], by: number): T[] => [
  ...items.slice(by % items.length),
  ...items.slice(0, by % items.length),
]

function rowOf(generator: Generator, measured: ReadonlyMap<Generator, Measured[]>): string[] {
  const rates = measured.get(generator)!.map(({ requestsPerS }) => requestsPerS)
  const cpu = median(measured.get(generator)!.map(({ cpuUsPerRequest }) => cpuUsPerRequest))
  const figures = [median(rates), Math.min(...rates), Math.max(...rates)].map((rate) => rate.toFixed(0))
  return [
    generator.name,
    ...figures,
    cpu.toFixed(1),
    ...['autocannon', 'wrk'].map((name) => ratioTo(name, rates, measured)),
  ]
}

/** The median of the ratios within the rounds. */
function ratioTo(name: string, rates: readonly number[], measured: ReadonlyMap<Generator, Measured[]>): string {
  const other = [...measured].find(([generator]) => generator.name === name)?.[1]
  if (!other) return '-'
  return median(rates.map((rate, round) => rate / other[round]!.requestsPerS)).toFixed(2)
}
