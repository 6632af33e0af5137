/**
 * How fast and how small the load engine is, beside other generators on the same machine in the same minutes.
 *
 *   npm run bench:engine -- --help
 *
 * Requests are counted by nginx, CPU is user and system time of the generator's processes from /proc/<pid>/stat, both
 * over the same window. nginx has one core, the generator, its parent included, another.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../../harness/errors.ts'
import { assertEnoughDescriptors } from '../../harness/limits.ts'
import { parseCpuList, pinning } from '../../harness/target/pinning.ts'
import { arrivals } from './arrivals.ts'
import type { Bench, Part } from './bench.ts'
import { besideK6 } from './beside-k6.ts'
import { eventStreams, webSockets } from './conversations.ts'
import { type BenchOptions, readOptions, usage } from './options.ts'
import { requestsOf } from './requests.ts'
import { soak } from './soak.ts'
import { usersPart } from './users.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-bench-'))
try {
  if (process.argv.includes('--help')) console.log(usage)
  else await runAll(readOptions(process.argv.slice(2)))
} catch (error) {
  console.error(`bench:engine: ${reasonOf(error)}`)
  process.exitCode = 1
} finally {
  rmSync(dir, { recursive: true, force: true })
}

async function runAll(options: BenchOptions): Promise<void> {
  const { target, rest, note } = pinning()
  const generatorCpus = rest === null ? null : String(parseCpuList(rest)[0])
  const { length, 0: cpu } = cpus()
  console.log(
    `${length} cores (${cpu?.model.trim()}), Node ${process.version}; target on core ${target}, generators on core ${generatorCpus}: ${note}`,
  )
  const bench: Bench = { options, dir, targetCpus: target, generatorCpus }
  for (const part of partsOf(options)) await runPart(part, bench)
}

function partsOf(options: BenchOptions): Part[] {
  const all = [
    ...options.users.map(requestsOf),
    usersPart(Math.max(...options.users)),
    besideK6(options.k6Users),
    arrivals(options.rate, options.rateSeconds),
    webSockets(options.sessions),
    eventStreams(options.streams),
    soak(options.soakSeconds),
  ]
  return all.filter(({ name }) => options.only.includes(name))
}

/** What cannot be measured is said, and the rest goes on. */
async function runPart({ name, title, connections, run }: Part, bench: Bench): Promise<void> {
  console.log(`\n${title}`)
  try {
    assertEnoughDescriptors(connections, `${connections} connections`)
    console.log(await run(bench))
  } catch (error) {
    console.error(`bench:engine: ${name}: not measured: ${reasonOf(error)}`)
    process.exitCode = 1
  }
}

function reasonOf(error: unknown): string {
  return error instanceof UserError ? error.message : ((error as Error).stack ?? String(error))
}
