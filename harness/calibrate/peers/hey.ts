import { isInstalled } from '../../target/executables.ts'
import { percentileOf } from '../truth.ts'
import type { Peer } from './port.ts'

/** Resolution 0.1 ms. Its rate is one for each worker, who waits for an answer before the next request. */
export const hey: Peer = {
  name: 'hey',
  find: () => (isInstalled('hey') ? ['hey'] : null),
  arguments: ({ url, users, seconds, perSecond }) => [
    ...['-o', 'csv', '-c', `${users}`, '-z', `${seconds}s`],
    ...(perSecond === null ? [] : ['-q', `${perSecond / users}`]),
    url,
  ],
  async read(stdout) {
    const [, ...lines] = stdout.trim().split('\n')
    const latenciesMs = lines.map((line) => 1000 * Number(line.split(',')[0])).sort((a, b) => a - b)
    const at = (percent: number): number => percentileOf(latenciesMs, percent)
    return { p50: at(50), p90: at(90), p99: at(99), 'p99.9': at(99.9) }
  },
}
