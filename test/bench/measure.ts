import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startGroup } from '../../harness/target/started-group.ts'
import type { Bench } from './bench.ts'
import type { Generator } from './generators.ts'
import { type Nginx, type NginxStatus, patienceMs, until } from './nginx.ts'
import { cpuUsOfFamily, rssKBOfFamily } from './process-figures.ts'

export interface Measured {
  requestsPerS: number
  /** User and system time of all processes of the generator. */
  cpuUsPerRequest: number
  /** Of one core: below 1 something else was the limit, such as a neighbour on the machine. */
  busy: number
  /** Of all processes of the generator, at the end. */
  rssKB: number
}

/** From the last connection until the measured window: compilers and windows of TCP get warm. */
const settleMs = 1500

/**
 * Runs a generator and measures a window in the middle of its run: requests as nginx counts them, CPU as
 * /proc/<pid>/stat has it. So every generator is measured alike, and neither start nor end count.
 */
export function measure(generator: Generator, nginx: Nginx, users: number, bench: Bench): Promise<Measured> {
  const { seconds } = bench.options
  return whileAsking(generator, nginx, { users, seconds }, bench, async (pid) => {
    const before = await look(nginx, pid)
    await sleep(1000 * seconds)
    const after = await look(nginx, pid)
    assertConnected(generator, after.connections, users)
    return difference(before, after)
  })
}

/** Runs a generator, and the work as soon as it is at full rate; it is stopped when the work is done. */
export async function whileAsking<T>(
  generator: Generator,
  nginx: Nginx,
  { users, seconds }: { users: number; seconds: number },
  { dir, generatorCpus }: Bench,
  work: (pid: number) => Promise<T>,
): Promise<T> {
  await until(nginx, ({ connections }) => connections <= 3, 'let go of the connections before')
  const over = new AbortController()
  const longEnoughS = Math.ceil((patienceMs + settleMs) / 1000 + seconds + 30)
  const group = await startGroup({
    title: generator.name,
    command: generator.command(nginx.url, users, longEnoughS),
    cwd: dir,
    env: {},
    cpus: generatorCpus,
    logFile: join(dir, `${generator.name}.log`),
    stopTimeoutMs: 0,
    probe: false,
  })
  const died = diedOf(generator, group)
  try {
    await Promise.race([underWay(nginx, users, over.signal), died])
    await Promise.race([sleep(settleMs), died])
    return await Promise.race([work(group.pid), died])
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

interface Look extends NginxStatus {
  cpuUs: number
  rssKB: number
}

async function look(nginx: Nginx, pid: number): Promise<Look> {
  const status = await nginx.status()
  return { ...status, cpuUs: cpuUsOfFamily(pid), rssKB: rssKBOfFamily(pid) }
}

function difference(before: Look, after: Look): Measured {
  const requests = after.requests - before.requests
  const [cpuUs, tookUs] = [after.cpuUs - before.cpuUs, 1000 * (after.atMs - before.atMs)]
  const requestsPerS = (1e6 * requests) / tookUs
  return { requestsPerS, cpuUsPerRequest: cpuUs / requests, busy: cpuUs / tookUs, rssKB: after.rssKB }
}
