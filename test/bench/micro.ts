/**
 * What a read and a write of session state cost in each way, beside what is claimed of them.
 *
 *   npm run bench:micro -- [seconds of each, 0.3 unless given]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { microEngine } from '../../harness/engine/micro/engine.ts'
import { messageOf, UserError } from '../../harness/errors.ts'
import { decideTaskPinning, readCpuFacts, stayOff } from '../../harness/target/pinning.ts'
import { type MeasuredRow, stateRows, tableOf } from './micro/state-table.ts'

const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort())
const dir = mkdtempSync(join(tmpdir(), 'weir-bench-'))
try {
  await measureAll(secondsOf(process.argv[2] ?? '0.3'))
} catch (error) {
  console.error(`bench:micro: ${messageOf(error)}`)
  process.exitCode = 1
} finally {
  rmSync(dir, { recursive: true, force: true })
}

async function measureAll(seconds: number): Promise<void> {
  const pinning = decideTaskPinning(readCpuFacts(), 1)
  await stayOff(pinning)
  const { length, 0: cpu } = cpus()
  console.log(
    `${length} cores (${cpu?.model.trim()}), Node ${process.version}; CPU ${pinning.target ?? 'any'}; load average ${loadavg()[0]!.toFixed(2)} before\n`,
  )
  const measured: MeasuredRow[] = []
  for (const row of stateRows) {
    const script = join(import.meta.dirname, `../../scenarios/micro/${row.suite}.ts`)
    const job = {
      script,
      env: {},
      options: { seconds },
      cpus: pinning.target,
      tasks: [row.task],
      logFile: join(dir, 'log'),
    }
    measured.push(await measureRow(row, () => microEngine.run(job, {}, interrupted.signal)))
  }
  console.log(tableOf(measured))
  if (measured.some(({ fault }) => fault !== null)) process.exitCode = 1
}

/** What cannot be measured is said, and the rest goes on. */
async function measureRow(
  row: (typeof stateRows)[number],
  run: () => ReturnType<typeof microEngine.run>,
): Promise<MeasuredRow> {
  try {
    const { metrics, faults = [] } = await run()
    const found = Object.fromEntries(metrics.map(({ metric, last }) => [metric, last]))
    return { ...row, found, fault: faults[0]?.message ?? null }
  } catch (error) {
    if (interrupted.signal.aborted) throw error
    return { ...row, found: {}, fault: messageOf(error) }
  }
}

function secondsOf(written: string): number {
  const seconds = Number(written)
  if (seconds >= 0.01 && seconds <= 600) return seconds
  throw new UserError(`expected seconds from 0.01 to 600, found "${written}"`)
}
