import type { GatewayOptions } from './options.ts'

/** What every part of the gateway's bench gets. */
export interface GatewayBench {
  options: GatewayOptions
  /** A folder for logs, certificates and databases. */
  dir: string
  /** CPU lists for taskset, or null: the gateway with all its threads, and everything else. */
  targetCpus: string | null
  generatorCpus: string | null
}

/** One thing that is measured, on its own. */
export interface GatewayPart {
  name: GatewayPartName
  title: string
  /** Connections that one process holds at once. */
  connections: number
  /** @returns the lines to print */
  run(bench: GatewayBench): Promise<string>
}

export const gatewayPartNames = ['boot', 'turns', 'tokens', 'streams', 'interrupts', 'sessions'] as const
export type GatewayPartName = (typeof gatewayPartNames)[number]
