import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../../harness/errors.ts'
import { exitCodes } from '../../harness/exit-codes.ts'
import { launch } from '../../harness/target/launch.ts'
import { freePorts } from '../../harness/target/ports.ts'
import type { Bench } from './bench.ts'

/** A server that is faster than any generator here, and that counts what it serves. */
export interface Nginx {
  url: string
  /** What nginx itself has counted, at `atMs` (performance.now()). */
  status(): Promise<NginxStatus>
  stop(): Promise<void>
}

export interface NginxStatus {
  atMs: number
  requests: number
  connections: number
}

/** How long is waited for what a generator shall bring about. */
export const patienceMs = 30_000

const sixtyBytes = '{"id":12345,"name":"a turn","state":"answered","tokens":128}'

/** nginx is there for as long as the work takes. @throws UserError where it is not installed */
export async function withNginx<T>(
  { dir, targetCpus }: Bench,
  connections: number,
  work: (nginx: Nginx) => Promise<T>,
): Promise<T> {
  const nginx = await startNginx(dir, targetCpus, connections)
  try {
    return await work(nginx)
  } finally {
    await nginx.stop()
  }
}

/** Resolves when nginx has got there. @throws Error when it takes longer than half a minute */
export async function until(
  nginx: Nginx,
  isSo: (status: NginxStatus) => boolean,
  what: string,
  over?: AbortSignal,
): Promise<void> {
  const deadlineMs = performance.now() + patienceMs
  while (performance.now() < deadlineMs) {
    if (over?.aborted || isSo(await nginx.status())) return
    await sleep(50)
  }
  throw new Error(`waited ${patienceMs / 1000} s for nginx to have ${what}`)
}

/** One worker on `cpus`, all of its files in `dir`, no root needed. @throws UserError where it is not installed */
async function startNginx(dir: string, cpus: string | null, connections: number): Promise<Nginx> {
  const program = findNginx()
  const [port] = await freePorts(1)
  const configuration = join(dir, 'nginx.conf')
  mkdirSync(join(dir, 'tmp'), { recursive: true })
  writeFileSync(configuration, configure(port!, connections))
  const running = await launch({
    title: 'nginx',
    command: [program, '-p', dir, '-e', join(dir, 'error.log'), '-c', configuration],
    cwd: dir,
    env: {},
    port: port!,
    ready: { http: '/status', timeoutMs: 10_000 },
    cpus,
    logFile: join(dir, 'nginx.log'),
    stopTimeoutMs: 3000,
    probe: false,
  })
  const url = `http://127.0.0.1:${port}`
  return { url: `${url}/`, status: () => readStatus(`${url}/status`), stop: async () => void (await running.stop()) }
}

/** Debian keeps it in a folder that only root has in PATH. */
function findNginx(): string {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
  const program = folders.map((folder) => join(folder, 'nginx')).find((path) => existsSync(path))
  if (program) return program
  throw new UserError(
    'nginx is not installed, and without it there is nothing to measure against. On Debian: apt-get install nginx-light',
    exitCodes.failed,
  )
}

/** nginx closes waiting connections as soon as less than a sixteenth of its room is left. */
const roomFor = (connections: number): number => Math.ceil(1.1 * connections) + 100

const configure = (port: number, connections: number): string => `
daemon off;
worker_processes 1;
worker_rlimit_nofile ${roomFor(connections) + 100};
pid nginx.pid;
events {
  worker_connections ${roomFor(connections)};
}
http {
  access_log off;
  client_body_temp_path tmp;
  proxy_temp_path tmp;
  fastcgi_temp_path tmp;
  uwsgi_temp_path tmp;
  scgi_temp_path tmp;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = / {
      default_type application/json;
      return 200 '${sixtyBytes}';
    }
    location = /status {
      stub_status;
    }
  }
}
`

/** `Active connections: 101 \nserver accepts handled requests\n 105 105 52041 \n...` */
async function readStatus(url: string): Promise<NginxStatus> {
  const text = await (await fetch(url)).text()
  const connections = /^Active connections: (\d+)/.exec(text)?.[1]
  const requests = /^ \d+ \d+ (\d+)/m.exec(text)?.[1]
  if (connections === undefined || requests === undefined) throw new Error(`nginx said of its status: ${text}`)
  return { atMs: performance.now(), requests: Number(requests), connections: Number(connections) }
}
