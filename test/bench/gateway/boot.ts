import { figureTable } from '../figures.ts'
import { cpuUsOf } from '../process-figures.ts'
import { median } from '../text-table.ts'
import type { GatewayBench, GatewayPart } from './bench.ts'
import { withGateway } from './rig.ts'

/** How soon does a gateway that is started serve? */
export const bootPart: GatewayPart = {
  name: 'boot',
  title: 'boot: from the spawn to the first time that /readyz says so, the services being there',
  connections: 10,
  run: describe,
}

async function describe(bench: GatewayBench): Promise<string> {
  const boots: { ms: number; cpuMs: number }[] = []
  for (let round = 0; round < bench.options.rounds; round++)
    boots.push(
      await withGateway(bench, {}, async ({ bootMs, gatewayPid }) => ({
        ms: bootMs,
        cpuMs: cpuUsOf(gatewayPid) / 1000,
      })),
    )
  const bootsMs = boots.map(({ ms }) => ms)
  return figureTable([
    { what: 'boot', unit: 'ms', digits: 0, value: median(bootsMs), target: { atMost: 600 } },
    {
      what: 'CPU time until then',
      unit: 'ms',
      digits: 0,
      value: median(boots.map((each) => each.cpuMs)),
      target: null,
    },
    { what: 'quickest', unit: 'ms', digits: 0, value: Math.min(...bootsMs), target: null },
    { what: 'slowest', unit: 'ms', digits: 0, value: Math.max(...bootsMs), target: null },
  ])
}
