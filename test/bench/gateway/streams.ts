import { setTimeout as sleep } from 'node:timers/promises'
import { figureTable } from '../figures.ts'
import { median } from '../text-table.ts'
import type { GatewayBench, GatewayPart } from './bench.ts'
import { type BusyCores, coreFigures, limits, watchCores } from './busy-cores.ts'
import { type Rig, withGateway } from './rig.ts'
import { gatewayClient, modelClient, type TokenClient } from './token-client.ts'

const sessions = 200
const gapMs = 5
const settleMs = 4_000

/**
 * How often does something new come to each of many who read at once? Tokens that come in one piece are one update. The
 * same clients asking the stub itself show what stub and clients, who share a core, can do.
 */
export const streamsPart: GatewayPart = {
  name: 'streams',
  title: `${sessions} streams at once, a token every ${gapMs} ms in each`,
  connections: sessions,
  run: (bench) => withGateway(bench, {}, (rig) => describe(rig, bench)),
}

interface Window {
  /** Of each session. */
  updatesPerS: number[]
  tokensPerS: number
  cores: BusyCores
}

async function describe(rig: Rig, bench: GatewayBench): Promise<string> {
  const direct = await read(modelClient(rig, sessions), rig, bench)
  const through = await read(gatewayClient(rig, sessions), rig, bench)
  const typical = (windows: Window[]) => median(windows.map(({ updatesPerS }) => median(updatesPerS)))
  const lowest = median(through.map(({ updatesPerS }) => Math.min(...updatesPerS)))
  const perS = { unit: 'per second', digits: 0 }
  const cores = through.map((each) => each.cores)
  const figures = figureTable([
    { what: 'updates of a session, median', ...perS, value: typical(through), target: { atLeast: 100 } },
    { what: 'updates of the slowest session', ...perS, value: lowest, target: null },
    { what: 'updates where the stub itself is asked', ...perS, value: typical(direct), target: null },
    { what: 'tokens of all', ...perS, value: median(through.map(({ tokensPerS }) => tokensPerS)), target: null },
    ...coreFigures(cores),
  ])
  return [figures, ...limits(cores)].join('\n')
}

async function read(client: TokenClient, rig: Rig, { options }: GatewayBench): Promise<Window[]> {
  const { seconds, rounds } = options
  const names = Array.from({ length: sessions }, (_, session) => `streams-${session}`)
  await Promise.all(names.map((session) => client.open(session)))
  // Longer than is looked; what is left of the streams ends with the client.
  const tokens = Math.ceil((settleMs + 1000 * rounds * (seconds + 1)) / gapMs)
  const updates = names.map(() => 0)
  let tokensSeen = 0
  const reading = names.map((session, at) =>
    client.stream({ session, turn: 0, content: `stub:stamp stub:tokens-${tokens} stub:gap-${gapMs}` }, (update) => {
      updates[at]! += 1
      tokensSeen += update.emittedMs.length
    }),
  )
  const ended = Promise.race(reading).then(() => Promise.reject(new Error('a stream ended early')))
  ended.catch(() => {})
  try {
    await Promise.race([sleep(settleMs), ended])
    const windows: Window[] = []
    for (let round = 0; round < rounds; round++) {
      const before = { atMs: performance.now(), updates: [...updates], tokensSeen }
      const cores = watchCores(rig)
      await Promise.race([sleep(1000 * seconds), ended])
      const tookS = (performance.now() - before.atMs) / 1000
      const updatesPerS = updates.map((count, at) => (count - before.updates[at]!) / tookS)
      windows.push({ updatesPerS, tokensPerS: (tokensSeen - before.tokensSeen) / tookS, cores: cores.busy() })
    }
    return windows
  } finally {
    await client.close()
    await Promise.allSettled(reading)
  }
}
