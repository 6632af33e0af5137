import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { OracleLog } from './log.ts'
import type { OracleOrder, OracleReport } from './main.ts'
import type { OraclePlan } from './plan.ts'

/** An oracle in a process of its own, as its parent sees it. */
export interface OracleHandle {
  /** `http://127.0.0.1:PORT` */
  url: string
  /** Resolves when requests are answered by this plan; the log is empty then. */
  begin(plan: OraclePlan): Promise<void>
  log(): Promise<OracleLog>
  stop(): Promise<void>
}

/** @param cpus CPU list for taskset, or null @throws Error when it ends before it listens */
export async function startOracle(cpus: string | null): Promise<OracleHandle> {
  const pinned = cpus === null ? { execArgv: [] } : { execPath: 'taskset', execArgv: ['-c', cpus, process.execPath] }
  const child = fork(fileURLToPath(import.meta.resolve('./main.ts')), [], {
    ...pinned,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // A group of its own: Ctrl-C is for the parent, which stops it.
    detached: true,
  })
  const kill = (): void => void child.kill('SIGKILL')
  process.on('exit', kill)
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const listening = await next(child, 'listening')
  return {
    url: `http://127.0.0.1:${listening.port}`,
    async begin(plan) {
      order(child, { type: 'begin', plan })
      await next(child, 'begun')
    },
    async log() {
      order(child, { type: 'log' })
      return (await next(child, 'log')).log
    },
    async stop() {
      process.off('exit', kill)
      child.kill()
      await gone
    },
  }
}

const order = (child: ChildProcess, message: OracleOrder): void => {
  if (child.connected) child.send(message)
}

/** The next report, which must be of this type: orders are given one at a time. */
function next<T extends OracleReport['type']>(
  child: ChildProcess,
  type: T,
): Promise<Extract<OracleReport, { type: T }>> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      child.off('message', hear)
      child.off('exit', fail)
      child.off('error', fail)
    }
    const hear = (report: OracleReport): void => {
      settle()
      if (report.type === type) resolve(report as Extract<OracleReport, { type: T }>)
      else reject(new Error(`the oracle answered with "${report.type}", expected was "${type}"`))
    }
    const fail = (reason: unknown): void => {
      settle()
      reject(reason instanceof Error ? reason : new Error(`the oracle process ended by itself (${String(reason)})`))
    }
    child.once('message', hear)
    child.once('exit', fail)
    child.once('error', fail)
  })
}
