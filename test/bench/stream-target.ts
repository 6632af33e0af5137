import { join } from 'node:path'
import { launch } from '../../harness/target/launch.ts'
import { freePorts } from '../../harness/target/ports.ts'
import type { Bench } from './bench.ts'

/** The server of long conversations, in a process of its own. */
export interface StreamTarget {
  /** `127.0.0.1:4711` */
  address: string
  /** Conversations that are open, and messages so far. */
  status(): Promise<{ open: number; messages: number }>
}

/** It is there for as long as the work takes. */
export async function withStreamTarget<T>(
  { dir, targetCpus }: Bench,
  everyMs: number,
  work: (target: StreamTarget) => Promise<T>,
): Promise<T> {
  const [port] = await freePorts(1)
  const running = await launch({
    title: 'server of streams',
    command: [process.execPath, join(import.meta.dirname, 'stream-server.ts'), `${port}`, `${everyMs}`],
    cwd: dir,
    env: {},
    port: port!,
    ready: { http: '/status', timeoutMs: 10_000 },
    cpus: targetCpus,
    logFile: join(dir, 'stream-server.log'),
    stopTimeoutMs: 1000,
    probe: false,
  })
  const address = `127.0.0.1:${port}`
  const status = async () =>
    (await (await fetch(`http://${address}/status`)).json()) as { open: number; messages: number }
  try {
    return await work({ address, status })
  } finally {
    await running.stop()
  }
}
