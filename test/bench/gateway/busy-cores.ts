import { cpuUsOf } from '../process-figures.ts'
import type { Rig } from './rig.ts'

/** Shares of a core. */
export interface BusyCores {
  /** All threads of the gateway. */
  gateway: number
  services: number
  /** Services and who asks. */
  rest: number
}

/** Watches what gateway, services and who asks (this process unless another is named) take from now on. */
export function watchCores({ gatewayPid, servicesPid }: Rig, askingPid = process.pid): { busy(): BusyCores } {
  const look = () => ({ atMs: performance.now(), us: [gatewayPid, servicesPid, askingPid].map(cpuUsOf) })
  const before = look()
  const busy = (): BusyCores => {
    const after = look()
    const overUs = 1000 * (after.atMs - before.atMs)
    const share = (at: number) => (after.us[at]! - before.us[at]!) / overUs
    return { gateway: share(0), services: share(1), rest: share(1) + share(2) }
  }
  return { busy }
}
