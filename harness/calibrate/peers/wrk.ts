import { isInstalled } from '../../target/executables.ts'
import type { Peer } from './port.ts'

const msOf = { us: 1e-3, ms: 1, s: 1000, m: 60_000 } as const

/** Has no rate. */
export const wrk: Peer = {
  name: 'wrk',
  find: () => (isInstalled('wrk') ? ['wrk'] : null),
  arguments: ({ url, users, seconds, perSecond }) =>
    perSecond === null
      ? ['--latency', '--threads', '1', '--connections', `${users}`, '--duration', `${Math.ceil(seconds)}s`, url]
      : null,
  async read(stdout) {
    const at = (percent: number): number => {
      const [, value, unit] = new RegExp(`^ +${percent}% +([\\d.]+)(us|ms|s|m)$`, 'm').exec(stdout) ?? []
      return Number(value) * msOf[unit as keyof typeof msOf]
    }
    return { p50: at(50), p90: at(90), p99: at(99) }
  },
}
