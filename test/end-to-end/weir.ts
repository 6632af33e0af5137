import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const cli = join(import.meta.dirname, '../../harness/cli.ts')

export interface Finished {
  code: number | null
  stdout: string
  stderr: string
  /** Both, in the order in which they came. */
  output: string
  /** Command lines of processes that were started for it and still run. */
  leftOver: string[]
}

export interface Started {
  process: ChildProcess
  finished: Promise<Finished>
  /** Resolves when the output holds the text; rejects when the process ends without. */
  says(text: string): Promise<void>
}

/** A limit on what any one command of these tests may take; reached only when something hangs. */
const limitMs = 120_000

/** Starts weir as a user would, as a process of its own. @param wrap a command that weir is run by, such as prlimit */
export function startWeir(cwd: string, args: readonly string[], wrap: readonly string[] = []): Started {
  const mark = `WEIR_TEST_MARK=${randomUUID()}`
  const [program, ...rest] = [...wrap, process.execPath, cli, ...args]
  const env = { ...process.env, [mark.split('=')[0]!]: mark.split('=')[1]! }
  const child = spawn(program!, rest, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: limitMs })
  const out = { stdout: '', stderr: '', output: '' }
  const keep = (name: 'stdout' | 'stderr') => (text: string) => {
    out[name] += text
    out.output += text
  }
  child.stdout.setEncoding('utf8').on('data', keep('stdout'))
  child.stderr.setEncoding('utf8').on('data', keep('stderr'))
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => void remaining(mark).then((leftOver) => resolve({ code, ...out, leftOver })))
  })
  return { process: child, finished, says: (text) => outputHolds(child, () => out.output, text) }
}

/** Runs weir to its end. */
export const runWeir = (cwd: string, args: readonly string[], wrap: readonly string[] = []): Promise<Finished> =>
  startWeir(cwd, args, wrap).finished

function outputHolds(child: ChildProcess, output: () => string, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => output().includes(text) && resolve()
    child.stdout?.on('data', look)
    child.stderr?.on('data', look)
    child.once('close', () => reject(new Error(`weir ended and never said "${text}":\n${output()}`)))
    look()
  })
}

/** Who ends because weir has ended (a generator without its parent) needs a moment for it. */
async function remaining(mark: string): Promise<string[]> {
  for (let tries = 0; tries < 50; tries++) {
    if (processesWith(mark).length === 0) return []
    await sleep(100)
  }
  return processesWith(mark)
}

/** What was started with a variable keeps it, whoever its parent is now. */
function processesWith(mark: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(mark))
    .map((pid) => `${pid}: ${readOrNothing(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`)
}

const environmentOf = (pid: string): string[] => readOrNothing(`/proc/${pid}/environ`).split('\0')

/** A process may end while it is looked at. */
function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
