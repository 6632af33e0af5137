/**
 * How fast and how small the reference gateway is: variant `optimized`, one worker.
 *
 *   npm run bench:gateway -- --help
 *
 * The gateway, all its threads, has one core; the services that it needs and the generator share another. CPU is user
 * and system time from /proc/<pid>/stat, memory VmRSS.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../../harness/errors.ts'
import { assertEnoughDescriptors } from '../../harness/limits.ts'
import { parseCpuList, pinning, stayOff } from '../../harness/target/pinning.ts'
import type { GatewayBench, GatewayPart } from './gateway/bench.ts'
import { bootPart } from './gateway/boot.ts'
import { interruptsPart } from './gateway/interrupts.ts'
import { type GatewayOptions, readGatewayOptions, usage } from './gateway/options.ts'
import { sessionsPart } from './gateway/sessions.ts'
import { streamsPart } from './gateway/streams.ts'
import { tokensPart } from './gateway/tokens.ts'
import { turnsPart } from './gateway/turns.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-bench-'))
try {
  if (process.argv.includes('--help')) console.log(usage)
  else await runAll(readGatewayOptions(process.argv.slice(2)))
} catch (error) {
  console.error(`bench:gateway: ${reasonOf(error)}`)
  process.exitCode = 1
} finally {
  rmSync(dir, { recursive: true, force: true })
}

async function runAll(options: GatewayOptions): Promise<void> {
  const decided = pinning()
  await stayOff(decided)
  const generatorCpus = decided.rest === null ? null : String(parseCpuList(decided.rest)[0])
  const { length, 0: cpu } = cpus()
  const others = `load average ${loadavg()[0]!.toFixed(2)} before`
  console.log(
    `${length} cores (${cpu?.model.trim()}), Node ${process.version}; gateway on core ${decided.target}, services and generator on core ${generatorCpus}: ${decided.note}; ${others}`,
  )
  const bench: GatewayBench = { options, dir, targetCpus: decided.target, generatorCpus }
  for (const part of partsOf(options)) await runPart(part, bench)
}

function partsOf(options: GatewayOptions): GatewayPart[] {
  const all = [
    ...[bootPart, turnsPart(options.users), tokensPart, streamsPart, interruptsPart],
    sessionsPart(options.sessions),
  ]
  return all.filter(({ name }) => options.only.includes(name))
}

/** What cannot be measured is said, and the rest goes on. */
async function runPart({ name, title, connections, run }: GatewayPart, bench: GatewayBench): Promise<void> {
  console.log(`\n${title}`)
  try {
    assertEnoughDescriptors(connections, `${connections} connections`)
    console.log(await run(bench))
  } catch (error) {
    console.error(`bench:gateway: ${name}: not measured: ${reasonOf(error)}`)
    process.exitCode = 1
  }
}

function reasonOf(error: unknown): string {
  return error instanceof UserError ? error.message : ((error as Error).stack ?? String(error))
}
