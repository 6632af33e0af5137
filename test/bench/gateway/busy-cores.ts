import { GeneratorWaits } from '../../../harness/calibrate/generator-waits.ts'
import type { Figure } from '../figures.ts'
import { cpuUsOf } from '../process-figures.ts'
import { median } from '../text-table.ts'
import type { Rig } from './rig.ts'

/** Shares of a core. */
export interface BusyCores {
  /** All threads of the gateway. */
  gateway: number
  services: number
  /** Who asks. */
  asking: number
  /** Share of the time that the gateway's main thread could have run while its core ran other threads, its own among them. */
  waited: number
}

/** Watches what gateway, services and who asks (this process unless another is named) take from now on. */
export function watchCores({ gatewayPid, servicesPid }: Rig, askingPid = process.pid): { busy(): BusyCores } {
  const look = () => ({ atMs: performance.now(), us: [gatewayPid, servicesPid, askingPid].map(cpuUsOf) })
  const before = look()
  const waits = new GeneratorWaits()
  waits.watch(gatewayPid)
  const busy = (): BusyCores => {
    const after = look()
    waits.look()
    const overUs = 1000 * (after.atMs - before.atMs)
    const share = (at: number) => (after.us[at]! - before.us[at]!) / overUs
    return { gateway: share(0), services: share(1), asking: share(2), waited: waits.share() }
  }
  return { busy }
}

/** A core that is idle for longer than this was waiting for somebody. */
const busyFrom = 0.9
/** With so much of the time taken from it, what was measured tells of them too. */
const disturbedFrom = 0.1

/** What the cores did meanwhile, for the table: medians over the rounds. */
export function coreFigures(rounds: readonly BusyCores[]): Figure[] {
  const figure = (what: string, name: keyof BusyCores, unit = 'of a core'): Figure => {
    return { what, unit, digits: 2, value: median(rounds.map((each) => each[name])), target: null }
  }
  return [
    figure('gateway, all its threads', 'gateway'),
    figure('services', 'services'),
    figure('who asks, on the same core', 'asking'),
    figure('gateway: its main thread waited', 'waited', 'of the time'),
  ]
}

/** @returns lines on what was the limit, where it was not the gateway */
export function limits(rounds: readonly BusyCores[]): string[] {
  const of = (name: keyof BusyCores): number => median(rounds.map((each) => each[name]))
  const hasWaited = of('waited') >= disturbedFrom
  const isRestBusy = of('gateway') < busyFrom && of('services') + of('asking') >= busyFrom
  return [
    ...(hasWaited
      ? [
          "  the gateway's main thread waited for its core, for its own threads or others: times and rates tell of that as well",
        ]
      : []),
    ...(isRestBusy ? ['  services and who asks, on one core, were the limit'] : []),
  ]
}
