import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isInstalled } from '../../target/executables.ts'
import type { Peer, PeerLoad } from './port.ts'

const summaryOf = ({ dir }: PeerLoad): string => join(dir, 'k6.json')

/** Runs the very scripts that weir runs. It tells service time only. */
export const k6: Peer = {
  name: 'k6',
  find: () => (isInstalled('k6') ? ['k6'] : null),
  arguments(load) {
    const { url, users, seconds, perSecond } = load
    const name = perSecond === null ? 'closed-loop' : 'arrival-rate'
    const env = { BASE_URL: url, USERS: users, SECONDS: seconds, RATE: perSecond ?? 0 }
    return [
      ...['run', '--quiet', '--no-usage-report', '--summary-export', summaryOf(load)],
      ...['--summary-trend-stats', 'p(50),p(90),p(99),p(99.9)'],
      ...Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
      fileURLToPath(import.meta.resolve(`../scenarios/${name}.ts`)),
    ]
  },
  async read(_stdout, load) {
    const summary = JSON.parse(await readFile(summaryOf(load), 'utf8')) as {
      metrics: { http_req_duration: Record<string, number> }
    }
    const at = (percent: number): number => summary.metrics.http_req_duration[`p(${percent})`] ?? Number.NaN
    return { p50: at(50), p90: at(90), p99: at(99), 'p99.9': at(99.9) }
  },
}
