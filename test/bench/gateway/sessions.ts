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

/** Few: what compilers, heap and threads take as soon as there is any session cancels out. */
const fewOf = (many: number): number => Math.ceil(many / 10)

/** What do very many sessions cost that are hardly ever used? */
export const sessionsPart = (count: number): GatewayPart => ({
  name: 'sessions',
  title: `${count} WebSocket sessions: idle, (RSS - RSS with ${fewOf(count)}) / ${count - fewOf(count)}; then a turn every ${everyMs / 1000} s in each`,
  connections: count,
  run: (bench) => withGateway(bench, { probe: true }, (rig) => describe(rig, count, bench)),
})

async function describe(rig: Rig, count: number, bench: GatewayBench): Promise<string> {
  const few = fewOf(count)
  const rampMs = (sessions: number): number => Math.ceil((1000 * sessions) / perSecond)
  const holdMs = 2 * settleMs
  const begin = rampMs(few) + holdMs + rampMs(count - few) + holdMs
  const spec = {
    script: join(import.meta.dirname, 'scripts/sessions.ts'),
    env: { URL: rig.url.replace(/^http/, 'ws'), EVERY_MS: `${everyMs}`, BEGIN_MS: `${begin}` },
    options: {
      stages: [
        { duration: `${rampMs(few)}ms`, target: few },
        { duration: `${holdMs}ms`, target: few },
        { duration: `${rampMs(count - few)}ms`, target: count },
        { duration: '1h', target: count },
      ],
      gracefulRampDown: '0s',
      gracefulStop: '0s',
    },
  }
  const { seen, result } = await underLoad(spec, bench, ({ pid }) => watch(rig, pid, count))
  const figures = figureTable([
    { what: 'idle sessions', digits: 0, value: seen.idleOpen, target: { atLeast: count } },
    {
      what: 'memory of an idle one',
      ...{ unit: 'KB', digits: 1, value: (seen.idleKB - seen.fewKB) / (count - few), target: { atMost: 20 } },
    },
    { what: 'open at the end', digits: 0, value: seen.open, target: { atLeast: count } },
    { what: 'turns answered', digits: 0, value: sumOf(result, 'turns_answered'), target: null },
    {
      what: 'turns failed, or unanswered for 5 s',
      digits: 0,
      value: sumOf(result, 'turns_failed'),
      target: { atMost: 0 },
    },
    { what: 'event-loop delay, p99', unit: 'ms', digits: 1, value: seen.delayMs, target: { atMost: 30 } },
    ...coreFigures([seen.cores]),
  ])
  return [figures, ...limits([seen.cores])].join('\n')
}

const sumOf = (result: LoadResult, name: string): number =>
  result.metrics.find(({ metric, scenario }) => metric === name && !scenario)?.sum ?? 0

async function watch(rig: Rig, generator: number, count: number) {
  await untilOpen(rig, fewOf(count))
  await sleep(settleMs)
  const fewKB = rssKBOf(rig.gatewayPid)
  const idleOpen = await untilOpen(rig, count)
  await sleep(settleMs)
  const idleKB = rssKBOf(rig.gatewayPid)
  // The first turns come now, at the latest.
  await sleep(settleMs)
  const [cores, fromMs] = [watchCores(rig, generator), monotonicMs()]
  await sleep(everyMs)
  const samples = rig.probe!.samplesOf(rig.gatewayPid).filter(({ atMs }) => atMs > fromMs)
  return { fewKB, idleOpen, idleKB, open: await openOf(rig), delayMs: delayOf(samples, 99), cores: cores.busy() }
}

const openOf = (rig: Rig): Promise<number> => metricOf(rig, 'gateway_websocket_connections')

/** @returns how many are open; fewer only where they have not come for a minute */
async function untilOpen(rig: Rig, count: number): Promise<number> {
  const deadlineMs = performance.now() + openPatienceMs
  let open = await openOf(rig)
  for (; open < count && performance.now() < deadlineMs; open = await openOf(rig)) await sleep(200)
  return open
}

/** Of all samples together. */
function delayOf(samples: readonly ProbeSample[], percent: number): number {
  const counts = samples.flatMap(({ eventLoopDelay }) => eventLoopDelay.counts).sort(([a], [b]) => a - b)
  const total = counts.reduce((sum, [, count]) => sum + count, 0)
  let seen = 0
  return counts.find(([, count]) => (seen += count) >= (percent / 100) * total)?.[0] ?? Number.NaN
}
