import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Figure, figureTable } from '../figures.ts'
import { underLoad } from '../load.ts'
import { cpuUsOf } from '../process-figures.ts'
import { median } from '../text-table.ts'
import type { GatewayBench, GatewayPart } from './bench.ts'
import { metricOf, type Rig, withGateway } from './rig.ts'

/** From the first turns to the measured window: compilers get warm. */
const settleMs = 4_000
/** A core that is idle for longer than this was waiting for somebody. */
const busyFrom = 0.9

/** How many turns can one worker answer? */
export const turnsPart = (users: number): GatewayPart => ({
  name: 'turns',
  title: `JSON turns, ${users} users in a closed loop, a model that answers at once`,
  connections: users,
  run: (bench) => withGateway(bench, { services: { MODEL_LATENCY_MS: '0' } }, (rig) => describe(rig, users, bench)),
})

interface Window {
  turnsPerS: number
  /** Of a core, all threads of the process. */
  gatewayBusy: number
  servicesBusy: number
  generatorBusy: number
}

async function describe(rig: Rig, users: number, bench: GatewayBench): Promise<string> {
  const spec = {
    script: join(import.meta.dirname, 'scripts/turns.ts'),
    env: { URL: rig.url, SESSIONS: `${users}` },
    options: { vus: users, duration: '1h' },
  }
  const { seen } = await underLoad(spec, bench, ({ pid }) => watch(rig, pid, bench))
  const of = (figure: keyof Window): number => median(seen.map((each) => each[figure]))
  const busy = (what: string, value: number): Figure => ({ what, unit: 'of a core', digits: 2, value, target: null })
  const figures = figureTable([
    { what: 'turns', unit: 'per second', digits: 0, value: of('turnsPerS'), target: { atLeast: 3000 } },
    { what: 'CPU of a turn', unit: 'us', digits: 0, value: (1e6 * of('gatewayBusy')) / of('turnsPerS'), target: null },
    busy('gateway, all its threads', of('gatewayBusy')),
    busy('services', of('servicesBusy')),
    busy('generator', of('generatorBusy')),
  ])
  return of('gatewayBusy') >= busyFrom ? figures : `${figures}\n  ${limitedBy(of('servicesBusy'), of('generatorBusy'))}`
}

const limitedBy = (services: number, generator: number): string =>
  services + generator >= busyFrom
    ? "the gateway's core was not busy: services and generator, which share the other, were the limit"
    : "the gateway's core was not busy, nor was the other: something else on this machine used them"

async function watch(rig: Rig, generator: number, { options }: GatewayBench): Promise<Window[]> {
  await sleep(settleMs)
  const windows: Window[] = []
  for (let round = 0; round < options.rounds; round++) {
    const before = await look(rig, generator)
    await sleep(1000 * options.seconds)
    windows.push(between(before, await look(rig, generator)))
  }
  return windows
}

interface Look {
  atMs: number
  turns: number
  gatewayUs: number
  servicesUs: number
  generatorUs: number
}

async function look(rig: Rig, generator: number): Promise<Look> {
  const turns = await metricOf(rig, 'gateway_turns_total{outcome="ok"}')
  const [gatewayUs, servicesUs, generatorUs] = [rig.gatewayPid, rig.servicesPid, generator].map(cpuUsOf)
  return { atMs: performance.now(), turns, gatewayUs: gatewayUs!, servicesUs: servicesUs!, generatorUs: generatorUs! }
}

function between(before: Look, after: Look): Window {
  const overUs = 1000 * (after.atMs - before.atMs)
  return {
    turnsPerS: (1e6 * (after.turns - before.turns)) / overUs,
    gatewayBusy: (after.gatewayUs - before.gatewayUs) / overUs,
    servicesBusy: (after.servicesUs - before.servicesUs) / overUs,
    generatorBusy: (after.generatorUs - before.generatorUs) / overUs,
  }
}
