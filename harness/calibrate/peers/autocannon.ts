import { createRequire } from 'node:module'
import type { Peer } from './port.ts'

/** Resolution 1 ms. With a rate it fills its histogram up with requests that it thinks it left out. */
export const autocannon: Peer = {
  name: 'autocannon',
  find() {
    try {
      return [process.execPath, createRequire(import.meta.url).resolve('autocannon/autocannon.js')]
    } catch {
      return null
    }
  },
  arguments: ({ url, users, seconds, perSecond }) => [
    ...['--json', '--no-progress', '--connections', `${users}`, '--duration', `${Math.ceil(seconds)}`],
    ...(perSecond === null ? [] : ['--overallRate', `${perSecond}`]),
    url,
  ],
  async read(stdout) {
    const { latency } = JSON.parse(stdout) as { latency: Record<'p50' | 'p90' | 'p99' | 'p99_9', number> }
    return { p50: latency.p50, p90: latency.p90, p99: latency.p99, 'p99.9': latency.p99_9 }
  },
}
