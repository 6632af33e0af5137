import { setTimeout as sleep } from 'node:timers/promises'
import { figureTable } from '../figures.ts'
import { median } from '../text-table.ts'
import type { GatewayBench, GatewayPart } from './bench.ts'
import { type BusyCores, coreFigures, limits, watchCores } from './busy-cores.ts'
import { percentile } from './percentile.ts'
import { type Rig, withGateway } from './rig.ts'
import { gatewayClient, modelClient, type TokenClient } from './token-client.ts'

const perSecond = 500
const connections = 200
/** From the first stream to the measured window: compilers get warm. */
const settleMs = 4_000
const content = 'stub:stamp'

/**
 * How much later does a token come to a client for having gone through the gateway? Each carries the time of its
 * emission; stub and client read one clock. What they add by themselves is seen by a client that asks the stub: its
 * median is taken off. That core is shared by both, so that what they add beyond their median counts as the gateway's.
 */
export const tokensPart: GatewayPart = {
  name: 'tokens',
  title: `${perSecond} streamed turns a second of 8 tokens: from a token's emission to its arrival`,
  connections,
  run: (bench) => withGateway(bench, {}, (rig) => describe(rig, bench)),
}

interface Delays {
  p50Ms: number
  p99Ms: number
  cores: BusyCores
}

async function describe(rig: Rig, { options }: GatewayBench): Promise<string> {
  const measure = async (client: TokenClient): Promise<Delays[]> => {
    try {
      return await streamAtPace(client, rig, options)
    } finally {
      await client.close()
    }
  }
  const direct = await measure(modelClient(rig, connections))
  const through = await measure(gatewayClient(rig, connections))
  const of = (rounds: Delays[], figure: 'p50Ms' | 'p99Ms') => median(rounds.map((each) => each[figure]))
  const [ms, itself] = [{ unit: 'ms', digits: 2 }, of(direct, 'p50Ms')]
  const cores = through.map((each) => each.cores)
  const figures = figureTable([
    { what: 'added by the gateway, median', ...ms, value: of(through, 'p50Ms') - itself, target: null },
    { what: 'added by the gateway, p99', ...ms, value: of(through, 'p99Ms') - itself, target: { atMost: 5 } },
    { what: 'stub and client by themselves, median', ...ms, value: itself, target: null },
    { what: 'stub and client by themselves, p99', ...ms, value: of(direct, 'p99Ms'), target: null },
    ...coreFigures(cores),
  ])
  return [figures, ...limits(cores)].join('\n')
}

/** Streams begin when they are due, however many are under way. */
async function streamAtPace(
  client: TokenClient,
  rig: Rig,
  { seconds, rounds }: { seconds: number; rounds: number },
): Promise<Delays[]> {
  await Promise.all(Array.from({ length: perSecond }, (_, session) => client.open(`tokens-${session}`)))
  let delaysMs: number[] = []
  const streams = beginAtPace(client, (delayMs) => delaysMs.push(delayMs))
  const measured: Delays[] = []
  try {
    await Promise.race([sleep(settleMs), streams.failed])
    for (let round = 0; round < rounds; round++) {
      delaysMs = []
      const cores = watchCores(rig)
      await Promise.race([sleep(1000 * seconds), streams.failed])
      measured.push({ p50Ms: percentile(delaysMs, 50), p99Ms: percentile(delaysMs, 99), cores: cores.busy() })
    }
    return measured
  } finally {
    await streams.end()
  }
}

function beginAtPace(client: TokenClient, onDelay: (delayMs: number) => void) {
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => {})
  const underWay = new Set<Promise<void>>()
  const beganMs = performance.now()
  let begun = 0
  const beginOne = (): void => {
    const request = { session: `tokens-${begun % perSecond}`, turn: Math.floor(begun / perSecond), content }
    begun += 1
    const stream = client
      .stream(request, ({ atMs, emittedMs }) => emittedMs.forEach((each) => void onDelay(atMs - each)))
      .catch(failed.reject)
      .finally(() => underWay.delete(stream))
    underWay.add(stream)
  }
  const timer = setInterval(() => {
    while (begun < ((performance.now() - beganMs) * perSecond) / 1000) beginOne()
  }, 1)
  const end = async (): Promise<void> => {
    clearInterval(timer)
    await Promise.all(underWay)
  }
  return { failed: failed.promise, end }
}
