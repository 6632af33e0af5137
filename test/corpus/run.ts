import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { selfSigned } from '../support/certificate.ts'
import { type EchoServer, startEchoServer } from '../support/echo-server.ts'
import { parseLogsOfK6, parseLogsOfWeir } from './logs.ts'
import { type Observation, type Traces, toObservation } from './observation.ts'
import type { CorpusScript } from './scripts.ts'

/** A program that runs k6 scripts, and how it is called. */
export interface Runner {
  command: string[]
  args: string[]
  parseLogs: Traces['parseLogs']
}

export const k6Runner = (binary: string): Runner => ({
  command: [binary, 'run'],
  args: ['--quiet', '--no-usage-report', '--log-format', 'json'],
  parseLogs: parseLogsOfK6,
})

export const weirRunner: Runner = {
  command: [process.execPath, join(import.meta.dirname, '../../harness/cli.ts'), 'load'],
  args: ['--quiet'],
  parseLogs: parseLogsOfWeir,
}

/** A process of weir spends most of its time compiling the same files: those of one run of the corpus share it. */
const compileCache = mkdtempSync(join(tmpdir(), 'weir-corpus-code-'))
process.once('exit', () => rmSync(compileCache, { recursive: true, force: true }))

/** The scripts take a second or two; who takes this long hangs. */
const limitMs = 40_000

const certificate = selfSigned('127.0.0.1')

/** Runs a script against an echo server of its own. @returns what was seen of it, free of what differs from run to run */
export async function observe(script: CorpusScript, runner: Runner): Promise<Observation> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-corpus-'))
  const server = await startEchoServer(await certificate)
  try {
    const ended = await runProcess(script, runner, server, folder)
    const read = (name: string): Promise<string | null> => readFile(join(folder, name), 'utf8').catch(() => null)
    const files = await Promise.all(script.files.map(async (name) => [name, await read(name)] as const))
    return toObservation(script, {
      ...ended,
      parseLogs: runner.parseLogs,
      server,
      points: (await read('points.json')) ?? '',
      summary: await read('summary.json'),
      files: Object.fromEntries(files),
    })
  } finally {
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
}

interface Ended {
  exitCode: number | null
  stdout: string
  stderr: string
}

function runProcess(script: CorpusScript, runner: Runner, server: EchoServer, folder: string): Promise<Ended> {
  const [program, ...command] = runner.command
  const outputs = ['--out', 'json=points.json', '--summary-export', 'summary.json']
  const args = [...command, ...runner.args, ...outputs, ...addresses(server), ...script.args, script.path]
  const env = { ...process.env, HOME: folder, NO_COLOR: '1', NODE_COMPILE_CACHE: compileCache, ...script.env }
  const child = spawn(program!, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: limitMs })
  const ended: Ended = { exitCode: null, stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ended.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (ended.stderr += text))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode) => resolve({ ...ended, exitCode }))
  })
}

/** What a script knows of the server: `__ENV.BASE` is `http://127.0.0.1:12345`. */
const addresses = ({ port, tlsPort }: EchoServer): string[] =>
  Object.entries({
    ADDRESS: `127.0.0.1:${port}`,
    BASE: `http://127.0.0.1:${port}`,
    TLS_BASE: `https://127.0.0.1:${tlsPort}`,
    WS_BASE: `ws://127.0.0.1:${port}`,
    WSS_BASE: `wss://127.0.0.1:${tlsPort}`,
  }).flatMap(([name, value]) => ['-e', `${name}=${value}`])
