import type { BenchOptions } from './options.ts'

/** What every part of the bench gets. */
export interface Bench {
  options: BenchOptions
  /** A folder for logs and whatever a program writes. */
  dir: string
  /** CPU lists for taskset, or null. */
  targetCpus: string | null
  generatorCpus: string | null
}

/** One thing that is measured, on its own. */
export interface Part {
  name: PartName
  title: string
  /** Connections that one process holds at once. */
  connections: number
  /** @returns the lines to print */
  run(bench: Bench): Promise<string>
}

export const partNames = ['requests', 'users', 'k6', 'arrivals', 'websockets', 'streams', 'soak'] as const
export type PartName = (typeof partNames)[number]
