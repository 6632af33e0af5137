import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../../../reference-server')

export interface Exit {
  code: number | null
  output: string
}

/** A process of the reference server with what it printed. */
export interface Started {
  /** Resolves with the line that says where it listens; rejects with the output when it ends before. */
  listening: Promise<string>
  exited: Promise<Exit>
  pid: number
  /** What it has printed so far. */
  printed(): string
  /** SIGTERM, and SIGKILL where that does not help. */
  stop(): Promise<Exit>
}

const waitForLine = (child: ChildProcess, output: () => string): Promise<string> => {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  child.stdout?.on('data', () => {
    const line = output().match(/^.*listening on.*$/m)?.[0]
    if (line) resolve(line)
  })
  child.once('close', () => reject(new Error(`ended before it listened: ${output()}`)))
  return promise
}

/** Starts `reference-server/<script>`; the environment is the test's own plus `env`. */
export const start = (script: string, args: string[], env: Record<string, string>): Started => {
  const child = spawn(process.execPath, [join(folder, script), ...args], { env: { ...process.env, ...env } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  const listening = waitForLine(child, () => output)
  listening.catch(() => {})
  const exited = once(child, 'close').then(([code]): Exit => ({ code, output }))
  const stop = (): Promise<Exit> => {
    child.kill('SIGTERM')
    const last = setTimeout(() => child.kill('SIGKILL'), 5_000)
    return exited.finally(() => clearTimeout(last))
  }
  return { listening, exited, pid: child.pid ?? 0, printed: () => output, stop }
}

export interface Services {
  /** What a gateway needs to know of them. */
  env: { MODEL_URL: string; KNOWLEDGE_URL: string; MEMORY_URL: string; TLS_DIR: string; DATABASE_DIR: string }
  /** A folder of this test's own; it goes with the services. */
  folder: string
  url: string
  stop(): Promise<void>
}

/** Starts the model and knowledge stubs with a certificate of their own; `stubEnv` is that of their process. */
export const startServices = async (stubEnv: Record<string, string> = {}): Promise<Services> => {
  const own = await mkdtemp(join(tmpdir(), 'gateway-test-'))
  const tls = join(own, 'tls')
  const started = start('services/main.ts', ['--port', '0', '--tls-port', '0'], { TLS_DIR: tls, ...stubEnv })
  const [url = '', model = ''] = (await started.listening).match(/https?:\/\/\S+/g) ?? []
  const stop = async (): Promise<void> => {
    await started.stop()
    await rm(own, { recursive: true, force: true })
  }
  const env = {
    MODEL_URL: model,
    KNOWLEDGE_URL: url,
    MEMORY_URL: url,
    TLS_DIR: tls,
    DATABASE_DIR: join(own, 'databases'),
  }
  return { env, folder: own, url, stop }
}

export interface RunningGateway extends Started {
  url: string
}

export const startGateway = async (variant: string, env: Record<string, string>): Promise<RunningGateway> => {
  const started = start('gateway/main.ts', ['--variant', variant, '--port', '0'], env)
  const url = (await started.listening).match(/http:\S+/)?.[0] ?? ''
  return { ...started, url }
}
