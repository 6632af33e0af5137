import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LoadResult } from '../../../harness/engine/port.ts'
import type { ProbeSample } from '../../../harness/target/port.ts'
import { figureTable } from '../figures.ts'
import { underLoad } from '../load.ts'
import { rssKBOf } from '../process-figures.ts'
import type { GatewayBench, GatewayPart } from './bench.ts'
import { coreFigures, limits, watchCores } from './busy-cores.ts'
import { metricOf, type Rig, withGateway } from './rig.ts'
import { monotonicMs } from './token-client.ts'

const everyMs = 30_000
/** New sessions a second. */
const perSecond = 1_000
const openPatienceMs = 60_000
/** From the last session to the look at memory: what the coming of all cost shall be over. */
const settleMs = 8_000

/** What do very many sessions cost that are hardly ever used? */
export const sessionsPart = (count: number): GatewayPart => ({
  name: 'sessions',
  title: `${count} WebSocket sessions: idle, then with a turn every ${everyMs / 1000} s in each, for ${everyMs / 1000} s`,
  connections: count,
  run: (bench) => withGateway(bench, { probe: true }, (rig) => describe(rig, count, bench)),
})

async function describe(rig: Rig, count: number, bench: GatewayBench): Promise<string> {
  const rampMs = (1000 * count) / perSecond
  const spec = {
    script: join(import.meta.dirname, 'scripts/sessions.ts'),
    env: { URL: rig.url.replace(/^http/, 'ws'), EVERY_MS: `${everyMs}`, BEGIN_MS: `${rampMs + 2 * settleMs}` },
    options: {
      stages: [
        { duration: `${Math.ceil(rampMs)}ms`, target: count },
        { duration: '1h', target: count },
      ],
      gracefulRampDown: '0s',
      gracefulStop: '0s',
    },
  }
  await sleep(2_000)
  const emptyKB = rssKBOf(rig.gatewayPid)
  const { seen, result } = await underLoad(spec, bench, ({ pid }) => watch(rig, pid, count))
  const figures = figureTable([
    { what: 'idle sessions', digits: 0, value: seen.idleOpen, target: { atLeast: count } },
    {
      what: 'memory of an idle one',
      ...{ unit: 'KB', digits: 1, value: (seen.idleKB - emptyKB) / count, target: { atMost: 20 } },
    },
    { what: 'open at the end', digits: 0, value: seen.open, target: { atLeast: count } },
    { what: 'turns answered', digits: 0, value: sumOf(result, 'turns_answered'), target: null },
    { what: 'turns failed', digits: 0, value: sumOf(result, 'turns_failed'), target: { atMost: 0 } },
    { what: 'event-loop delay, p99', unit: 'ms', digits: 1, value: seen.delayMs, target: { atMost: 30 } },
    ...coreFigures([seen.cores]),
  ])
  return [figures, ...limits([seen.cores])].join('\n')
}

const sumOf = (result: LoadResult, name: string): number =>
  result.metrics.find(({ metric, scenario }) => metric === name && !scenario)?.sum ?? 0

async function watch(rig: Rig, generator: number, count: number) {
  const opened = () => metricOf(rig, 'gateway_websocket_connections')
  const deadlineMs = performance.now() + openPatienceMs
  let idleOpen = await opened()
  for (; idleOpen < count && performance.now() < deadlineMs; idleOpen = await opened()) await sleep(200)
  await sleep(settleMs)
  const idleKB = rssKBOf(rig.gatewayPid)
  // The first turns come now, at the latest.
  await sleep(settleMs)
  const [cores, fromMs] = [watchCores(rig, generator), monotonicMs()]
  await sleep(everyMs)
  const samples = rig.probe!.samplesOf(rig.gatewayPid).filter(({ atMs }) => atMs > fromMs)
  return { idleOpen, idleKB, open: await opened(), delayMs: delayOf(samples, 99), cores: cores.busy() }
}

/** Of all samples together. */
function delayOf(samples: readonly ProbeSample[], percent: number): number {
  const counts = samples.flatMap(({ eventLoopDelay }) => eventLoopDelay.counts).sort(([a], [b]) => a - b)
  const total = counts.reduce((sum, [, count]) => sum + count, 0)
  let seen = 0
  return counts.find(([, count]) => (seen += count) >= (percent / 100) * total)?.[0] ?? Number.NaN
}
