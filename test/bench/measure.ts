import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { familyOf } from '../../harness/target/process-tree.ts'
import { startGroup } from '../../harness/target/started-group.ts'
import type { Generator } from './generators.ts'
import type { Nginx, NginxStatus } from './nginx.ts'

export interface Measured {
  requestsPerS: number
  /** User and system time of all processes of the generator. */
  cpuUsPerRequest: number
  /** Of one core: below 1 something else was the limit, such as a neighbour on the machine. */
  busy: number
}

/** From the last connection until the measured window: compilers and windows of TCP get warm. */
const settleMs = 1500
const connectPatienceMs = 30_000

/**
 * Runs a generator on `cpus` and measures a window in the middle of its run: requests as nginx counts them, CPU as
 * /proc/<pid>/stat has it. So every generator is measured alike, and neither start nor end count.
 */
export async function measure(
  generator: Generator,
  nginx: Nginx,
  { users, seconds, cpus, dir }: { users: number; seconds: number; cpus: string | null; dir: string },
): Promise<Measured> {
  await until(nginx, ({ connections }) => connections <= 3, 'let go of the connections before')
  const over = new AbortController()
  const longEnoughS = Math.ceil((connectPatienceMs + settleMs) / 1000 + seconds + 5)
  const group = await startGroup({
    title: generator.name,
    command: generator.command(nginx.url, users, longEnoughS),
    cwd: dir,
    env: {},
    port: 0,
    ready: { tcp: true, timeoutMs: 0 },
    cpus,
    logFile: join(dir, `${generator.name}.log`),
    stopTimeoutMs: 0,
    probe: false,
  })
  try {
    await Promise.race([underWay(nginx, users, over.signal), diedOf(generator, group)])
    await sleep(settleMs)
    const before = await look(nginx, group.pid)
    await Promise.race([sleep(seconds * 1000), diedOf(generator, group)])
    const after = await look(nginx, group.pid)
    assertConnected(generator, after.connections, users)
    return difference(before, after)
  } finally {
    over.abort()
    await group.stop()
  }
}

async function diedOf(generator: Generator, { exited }: Awaited<ReturnType<typeof startGroup>>): Promise<never> {
  const { code, signal, outputTail } = await exited
  throw new Error([`${generator.name} ended by itself (${signal ?? `exit code ${code}`})`, ...outputTail].join('\n'))
}

/** A few connections may fail under ten thousand; nobody is measured with many fewer than asked. */
const enough = (users: number): number => Math.ceil(0.99 * users)

function assertConnected(generator: Generator, connections: number, users: number): void {
  if (connections < enough(users)) throw new Error(`${generator.name} held ${connections} of ${users} connections`)
}

/** Every user has a connection and has asked several times, on the average. */
async function underWay(nginx: Nginx, users: number, over: AbortSignal): Promise<void> {
  const { requests } = await nginx.status()
  const isSo = (now: NginxStatus) => now.connections > enough(users) && now.requests - requests > 3 * users
  await until(nginx, isSo, `${users} users under way`, over)
}

async function until(
  nginx: Nginx,
  isSo: (status: NginxStatus) => boolean,
  what: string,
  over?: AbortSignal,
): Promise<void> {
  const deadlineMs = performance.now() + connectPatienceMs
  while (performance.now() < deadlineMs) {
    if (over?.aborted || isSo(await nginx.status())) return
    await sleep(50)
  }
  throw new Error(`waited ${connectPatienceMs / 1000} s for nginx to have ${what}`)
}

interface Look extends NginxStatus {
  cpuUs: number
}

async function look(nginx: Nginx, pid: number): Promise<Look> {
  const status = await nginx.status()
  return { ...status, cpuUs: cpuOfFamily(pid) }
}

function difference(before: Look, after: Look): Measured {
  const requests = after.requests - before.requests
  const [cpuUs, tookUs] = [after.cpuUs - before.cpuUs, 1000 * (after.atMs - before.atMs)]
  return { requestsPerS: (1e6 * requests) / tookUs, cpuUsPerRequest: cpuUs / requests, busy: cpuUs / tookUs }
}

/** Microseconds per clock tick: USER_HZ is 100 on every Linux that Node runs on. */
const usPerTick = 10_000

/** User and system time, all threads, of a process and its descendants that are alive. */
function cpuOfFamily(root: number): number {
  return familyOf(root).reduce((sum, { pid }) => sum + usPerTick * ticksOf(pid), 0)
}

/** Fields 14 and 15 of /proc/<pid>/stat; what stands before the last bracket is a name with anything in it. */
function ticksOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}
