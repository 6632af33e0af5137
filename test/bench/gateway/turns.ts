import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Figure, figureTable } from '../figures.ts'
import { underLoad } from '../load.ts'
import { median } from '../text-table.ts'
import type { GatewayBench, GatewayPart } from './bench.ts'
import { type BusyCores, coreFigures, limits, watchCores } from './busy-cores.ts'
import { metricOf, type Rig, withGateway } from './rig.ts'

/** From the first turns to the measured window: compilers get warm. */
const settleMs = 4_000

/** How many turns can one worker answer? */
export const turnsPart = (users: number): GatewayPart => ({
  name: 'turns',
  title: `JSON turns, ${users} users in a closed loop, a model that answers at once`,
  connections: users,
  run: (bench) => withGateway(bench, { services: { MODEL_LATENCY_MS: '0' } }, (rig) => describe(rig, users, bench)),
})

interface Window {
  turnsPerS: number
  cores: BusyCores
}

async function describe(rig: Rig, users: number, bench: GatewayBench): Promise<string> {
  const spec = {
    script: join(import.meta.dirname, 'scripts/turns.ts'),
    env: { URL: rig.url, SESSIONS: `${users}` },
    options: { vus: users, duration: '1h' },
  }
  const { seen } = await underLoad(spec, bench, ({ pid }) => watch(rig, pid, bench))
  const cores = seen.map((each) => each.cores)
  const perS = { unit: 'per second', digits: 0 }
  const perCpuS = median(seen.map((each) => each.turnsPerS / each.cores.gateway))
  const figures: Figure[] = [
    { what: 'turns', ...perS, value: median(seen.map(({ turnsPerS }) => turnsPerS)), target: { atLeast: 3000 } },
    { what: 'turns of a second of CPU time', digits: 0, value: perCpuS, target: null },
    { what: 'CPU of a turn', unit: 'us', digits: 0, value: 1e6 / perCpuS, target: null },
  ]
  return [figureTable([...figures, ...coreFigures(cores)]), ...limits(cores)].join('\n')
}

async function watch(rig: Rig, generator: number, { options }: GatewayBench): Promise<Window[]> {
  const answered = () => metricOf(rig, 'gateway_turns_total{outcome="ok"}')
  await sleep(settleMs)
  const windows: Window[] = []
  for (let round = 0; round < options.rounds; round++) {
    const [before, beganMs, cores] = [await answered(), performance.now(), watchCores(rig, generator)]
    await sleep(1000 * options.seconds)
    const busy = cores.busy()
    const turns = (await answered()) - before
    windows.push({ turnsPerS: (1000 * turns) / (performance.now() - beganMs), cores: busy })
  }
  return windows
}
