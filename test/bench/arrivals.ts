import { GeneratorWaits } from '../../harness/calibrate/generator-waits.ts'
import type { LoadResult } from '../../harness/engine/port.ts'
import { sessionsEngine } from '../../harness/engine/sessions/engine.ts'
import { observeLoad } from '../../harness/observe/load.ts'
import type { Bench, Part } from './bench.ts'
import { figureTable } from './figures.ts'
import { scriptPath } from './load.ts'
import { type Nginx, withNginx } from './nginx.ts'
import { median } from './text-table.ts'

/**
 * Users that are there to be taken for an iteration, and the most that there may be: enough for answers within 20 ms.
 * All of them connect in the first moments, so more of them would make it a test of connecting.
 */
const usersFor = (rate: number): number => Math.max(10, Math.ceil(rate / 50))

/** Does every iteration of a schedule begin, and when it should? */
export const arrivals = (rate: number, seconds: number): Part => ({
  name: 'arrivals',
  title: `constant-arrival-rate of ${rate}/s for ${seconds} s, http.get`,
  connections: usersFor(rate),
  run: (bench) => withNginx(bench, usersFor(rate), (nginx) => describe(nginx, rate, seconds, bench)),
})

interface Arrived {
  started: number
  dropped: number
  requests: number
  p99Ms: number
  maxMs: number
  /** Of a core. */
  busy: number
  /** Share of the time that the generator could have run while its core ran others. */
  waited: number
}

async function describe(nginx: Nginx, rate: number, seconds: number, bench: Bench): Promise<string> {
  const rounds: Arrived[] = []
  for (let round = 0; round < bench.options.rounds; round++) rounds.push(await arrive(nginx, rate, seconds, bench))
  const of = (figure: keyof Arrived): number => median(rounds.map((each) => each[figure]))
  const [whole, ms] = [{ digits: 0 }, { unit: 'ms', digits: 3 }]
  return figureTable([
    { what: 'iterations started', ...whole, value: of('started'), target: { atLeast: rate * seconds } },
    { what: 'iterations dropped', ...whole, value: of('dropped'), target: { atMost: 0 } },
    { what: 'requests that nginx answered', ...whole, value: of('requests'), target: null },
    { what: 'start error, p99', ...ms, value: of('p99Ms'), target: { atMost: 2 } },
    { what: 'start error, highest', ...ms, value: of('maxMs'), target: null },
    { what: 'CPU', unit: 'of a core', digits: 3, value: of('busy'), target: null },
    { what: 'its core ran others', unit: 'of the time', digits: 3, value: of('waited'), target: null },
  ])
}

async function arrive(nginx: Nginx, rate: number, seconds: number, bench: Bench): Promise<Arrived> {
  const users = usersFor(rate)
  const scenario = {
    ...{ executor: 'constant-arrival-rate', rate, timeUnit: '1s', duration: `${1000 * seconds}ms` },
    ...{ preAllocatedVUs: users, maxVUs: users },
  }
  const waits = new GeneratorWaits()
  const before = await nginx.status()
  const result = await sessionsEngine.run(
    {
      script: scriptPath('get.ts'),
      env: { URL: nginx.url },
      options: { scenarios: { arrivals: scenario } },
      generators: 1,
      cpus: bench.generatorCpus,
    },
    { ready: (_, [pid]) => waits.watch(pid!), progress: () => waits.look() },
    new AbortController().signal,
  )
  if (result.exitCode !== 0) throw new Error(`the load ended by itself: ${result.endedBecause}`)
  const after = await nginx.status()
  const cpuMs = Object.values(result.generator!.cpuMsByPhase).reduce((sum, each) => sum + each, 0)
  const requests = after.requests - before.requests - 1
  return { ...startsOf(result), requests, busy: cpuMs / 1000 / seconds, waited: waits.share() }
}

/** Every start is a sample of how late it came. */
function startsOf(result: LoadResult): Pick<Arrived, 'started' | 'dropped' | 'p99Ms' | 'maxMs'> {
  const lateness = observeLoad(result, { operation: 'iterations' }).filter(
    ({ metric, scenario }) => metric === 'generator_lateness' && scenario === undefined,
  )
  const stat = (name: string): number => lateness.find((each) => each.stat === name)?.value ?? Number.NaN
  const dropped = result.metrics.find(({ metric, scenario }) => metric === 'dropped_iterations' && !scenario)
  return { started: lateness[0]?.n ?? 0, dropped: dropped?.sum ?? 0, p99Ms: stat('p(99)'), maxMs: stat('max') }
}
