import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { portOption, readOptions } from '../command-line.ts'
import { exitCannotStart, StartError } from '../errors.ts'
import { ensureDataFolder, removeFolder, runAs } from './data-folder.ts'
import { type Account, accountOf, type Program, requireFolderOf } from './programs.ts'

/** Longer than a shutdown takes that has something to write, and shorter than whoever stops this process waits. */
const patienceMs = 3_000
const tailLength = 4_000

/** What a launcher knows when it starts its server. */
export interface Place {
  port: number
  /** Belongs to the account. */
  data: string
  template: string | undefined
  /** Where the program's files lie. */
  programs: string
  account: Account
  /** Aborted when this process is to end. */
  stop: AbortSignal
}

type Option = 'port' | 'data' | 'template' | 'keep'

/** A server of another project that runs in the foreground of a process of ours. */
export interface BackEnd {
  name: string
  program: Program
  /** Of its launcher. */
  options: readonly Option[]
  /** Users that it may run as where root starts it; the first that exists does. */
  users: readonly string[]
  /** A file that its data folder has in it once it was used; absent for a server that keeps nothing. */
  dataMark?: string
  /** Fills the data folder before the first start. */
  prepare(place: Place): Promise<void>
  /** The file in the programs' folder and its arguments. */
  command(place: Place): [file: string, ...args: string[]]
  /** What it prints when it accepts connections. */
  readyText: string
  /** What makes it stop at once, in order and wholly. */
  stopSignal: NodeJS.Signals
  /** What makes it stop where that took too long. */
  lastSignal: NodeJS.Signals
}

/**
 * Runs a server until SIGTERM or SIGINT and leaves nothing of it behind: no process, and no data but what was there
 * before or is kept with `--keep yes`.
 * Says `<name> listening on 127.0.0.1:N` when it accepts connections.
 *
 * @throws StartError with code 69 where the program is not installed; 1 where it does not start or ends by itself
 */
export const runBackEnd = async (backEnd: BackEnd, args: string[]): Promise<void> => {
  const given = readOptions(args, backEnd.options)
  const port = portOption('--port', given.port)
  if (port === 0) throw new StartError(`--port is "0"; ${backEnd.name} needs a port number`)
  if (!['yes', 'no', undefined].includes(given.keep))
    throw new StartError(`--keep is "${given.keep}"; expected yes or no`)
  const programs = requireFolderOf(backEnd.program)
  const account = accountOf(backEnd.users)
  const stop = untilSignal()
  const data = await ensureDataFolder(given.data, account, backEnd.dataMark)
  let isPrepared = false
  try {
    const place: Place = { port, data: data.path, template: given.template, programs, account, stop }
    await backEnd.prepare(place)
    isPrepared = true
    await serve(backEnd, place)
  } catch (error) {
    if (!stop.aborted) throw error
  } finally {
    if (data.isNew && !(isPrepared && given.keep === 'yes')) await removeFolder(data.path)
  }
}

const untilSignal = (): AbortSignal => {
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort())
  return stop.signal
}

const serve = async (backEnd: BackEnd, place: Place): Promise<void> => {
  const { name, readyText, stopSignal, lastSignal } = backEnd
  const { port, programs, account, stop } = place
  stop.throwIfAborted()
  const [file, ...args] = backEnd.command(place)
  const child = spawn(`${programs}/${file}`, args, { ...runAs(account), stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let isReady = false
  const read = (text: string): void => {
    output = (output + text).slice(-tailLength)
    if (isReady || !output.includes(readyText)) return
    isReady = true
    process.stdout.write(`${name} listening on 127.0.0.1:${port}\n`)
  }
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', read)
  const end = (): void => {
    child.kill(stopSignal)
    setTimeout(() => child.kill(lastSignal), patienceMs).unref()
  }
  stop.addEventListener('abort', end, { once: true })
  // Not before its own children are gone too: they hold its output open.
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  if (!stop.aborted) throw endedByItself(name, port, signal ?? `code ${code}`, output)
}

const endedByItself = (name: string, port: number, how: string, output: string): StartError => {
  if (/address already in use/i.test(output)) {
    return new StartError(`port ${port} on 127.0.0.1 is in use; choose another one with --port`, exitCannotStart)
  }
  return new StartError(
    `${name} ended by itself with ${how}: ${output.trim().split('\n').slice(-3).join('; ')}`,
    exitCannotStart,
  )
}
