import { fileURLToPath } from 'node:url'
import type { LoadJob, LoadProgress, LoadResult, ScriptNotes } from '../engine/port.ts'
import { engines } from '../engine/table.ts'
import { UserError } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { judge } from '../observe/validity.ts'
import { GeneratorWaits } from './generator-waits.ts'
import type { OracleHandle } from './oracle/handle.ts'
import type { OracleEntry } from './oracle/log.ts'
import type { OraclePlan } from './oracle/plan.ts'
import type { Row } from './rows.ts'
import { evenSchedule, pacedSchedule, type Schedule, sleptSchedule } from './truth.ts'

export interface Bench {
  oracle: OracleHandle
  /** CPUs of the generator, for taskset, or null. */
  cpus: string | null
  seconds: number
  warmupSeconds: number
  signal: AbortSignal
  onProgress?(progress: LoadProgress): void
}

/** What both sides saw of one load. */
export interface Drive {
  entries: OracleEntry[]
  schedule: Schedule
  /** Requests with a place in the schedule, as the script means to send them; null in a closed loop without one. */
  planned: number | null
  result: LoadResult
  /** What the generator's own watch objects to; empty when its numbers may be used. */
  faults: string[]
  /** Share of the time that the main threads waited for a CPU that ran others; NaN where the system does not tell. */
  cpuWait: { oracle: number; generator: number }
  /** What script and engine logged. */
  messages: string[]
}

const noNotes: ScriptNotes = {
  primary: null,
  operation: 'iterations',
  capacity: [],
  sessionsHeldIn: null,
  phases: null,
  voidUnless: [],
}

/**
 * Drives the oracle through the engine that every load goes through.
 * @throws UserError when it was interrupted: half a load says nothing
 */
export async function drive(row: Row, bench: Bench): Promise<Drive> {
  const { oracle } = bench
  const plan = planOf(row)
  // The warm-up meets the same answers; its log is thrown away.
  await oracle.begin(plan)
  const messages: string[] = []
  const waits = new GeneratorWaits()
  const result = await engines.sessions.run(
    jobOf(row, bench),
    {
      ready: async (_phases, pids) => {
        await oracle.begin(plan)
        for (const pid of pids) waits.watch(pid)
      },
      progress: (progress) => {
        waits.look()
        bench.onProgress?.(progress)
      },
      log: (level, message) => void messages.push(`${level}: ${message}`),
    },
    bench.signal,
  )
  throwIfInterrupted(bench.signal)
  const { entries, cpuWaitMs: oracleWaitMs } = await oracle.log()
  return {
    entries,
    schedule: scheduleOf(row, bench, result, entries),
    planned: plannedOf(row, bench.seconds),
    result,
    faults: judge(result, noNotes, 'http_req_intended_duration p(99)', [], []).map(({ message }) => message),
    cpuWait: { oracle: oracleWaitMs / (result.endMs - result.startMs), generator: waits.share() },
    messages,
  }
}

/** @throws UserError with the exit code for it */
export function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new UserError('the calibration was interrupted', exitCodes.interrupted)
}

export const planOf = ({ plan }: Pick<Row, 'plan'>): OraclePlan => ({ seed: 1, stall: null, stream: null, ...plan })

function jobOf(row: Row, { oracle, cpus, seconds, warmupSeconds }: Bench): LoadJob {
  const script = fileURLToPath(import.meta.resolve(`./scenarios/${row.script}.ts`))
  const env = scriptEnv(row, oracle.url, seconds)
  const warmup = { script, env: { ...env, SECONDS: String(warmupSeconds), SPIN_MS: '0' }, options: {} }
  return { script, env, options: {}, warmup, cpus }
}

/** What a script of ours reads from `__ENV`. */
export const scriptEnv = (row: Row, url: string, seconds: number): Record<string, string> => ({
  BASE_URL: url,
  SECONDS: String(seconds),
  USERS: String(row.users),
  RATE: String(row.rate ?? 0),
  EVERY_MS: String(row.everyMs ?? 0),
  SLEEP_MS: String(row.sleepMs ?? 0),
  TOKENS: String(row.plan.stream?.tokens ?? 1),
  SPIN_MS: String(row.spin?.ms ?? 0),
  SPIN_EVERY: String(row.spin?.every ?? 1),
})

function scheduleOf(row: Row, { seconds }: Bench, { startMs }: LoadResult, entries: OracleEntry[]): Schedule {
  if (row.everyMs !== undefined) return pacedSchedule(entries, row.everyMs, turnsOf(row.everyMs, seconds))
  if (row.sleepMs !== undefined) return sleptSchedule(entries, row.sleepMs, turnsOf(row.sleepMs, seconds))
  return row.rate === undefined ? () => Number.NaN : evenSchedule(startMs, row.rate)
}

/** Requests of a user, as the scripts count them. */
const turnsOf = (periodMs: number, seconds: number): number => Math.round((1000 * seconds) / periodMs)

/** How many requests a load of so many seconds has to send; null where that depends on the answers. */
export function plannedOf({ rate, users, everyMs, sleepMs }: Row, seconds: number): number | null {
  if (rate !== undefined) return Math.round(rate * seconds)
  const periodMs = everyMs ?? sleepMs
  return periodMs === undefined ? null : users * turnsOf(periodMs, seconds)
}
