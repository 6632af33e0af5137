import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Observation } from './observation.ts'

/** What real k6 did, and which. */
export interface Expectation {
  k6: string
  seen: Observation
}

const pathOf = (name: string): string => join(import.meta.dirname, 'expected', `${name}.json`)

/** @returns null where none is stored */
export async function readExpectation(name: string): Promise<Expectation | null> {
  const text = await readFile(pathOf(name), 'utf8').catch(() => null)
  if (text === null) return null
  const { tagSets, ...stored } = JSON.parse(text) as Expectation & { tagSets: string[] }
  for (const metric of Object.values(stored.seen.metrics))
    metric.samples = renameKeys(metric.samples, (index) => tagSets[Number(index)]!)
  return stored
}

/** The tag sets, which many metrics share, are written once. */
export async function writeExpectation(name: string, { k6, seen }: Expectation): Promise<void> {
  const tagSets = [...new Set(Object.values(seen.metrics).flatMap(({ samples }) => Object.keys(samples)))].sort()
  const metrics = Object.entries(seen.metrics).map(([metric, { samples, ...shape }]) => {
    const sorted = Object.fromEntries(Object.entries(samples).sort(([a], [b]) => (a < b ? -1 : 1)))
    return [metric, { ...shape, samples: renameKeys(sorted, (tags) => String(tagSets.indexOf(tags))) }]
  })
  await mkdir(dirname(pathOf(name)), { recursive: true })
  const stored = { k6, tagSets, seen: { ...seen, metrics: Object.fromEntries(metrics) } }
  await writeFile(pathOf(name), `${JSON.stringify(stored, null, 1)}\n`)
}

const renameKeys = (record: Record<string, string>, rename: (key: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [rename(key), value]))
