import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { isInstalled } from './executables.ts'
import { parsePerfStat } from './perf-output.ts'

/** One line that says why there are no counts, and how to get them. */
export interface Unavailable {
  unavailable: string
}

export interface InstructionCounter {
  /** Ends the window. Gives what was counted since the start, by all threads and children of the processes. */
  stop(): Promise<{ count: number } | Unavailable>
}

/** Counts while it is enabled, as often as it is; disabled at first. */
export interface WindowCounter {
  enable(): Promise<void>
  disable(): Promise<void>
  /** Gives what was counted in all windows together. */
  stop(): Promise<{ count: number } | Unavailable>
}

/** User-space instructions only: what the kernel does on behalf of a process varies with everything else that runs. */
const instructions = 'instructions:u'

const notInstalled: Unavailable = {
  unavailable:
    'instructions are not counted: perf is not installed (Debian: apt install linux-perf; Ubuntu: linux-tools-generic)',
}

/** Null where this machine counts instructions, else why not. Takes some 20 ms; ask once. */
export async function whyNotCounted(): Promise<Unavailable | null> {
  if (!isInstalled('perf')) return notInstalled
  const perf = startPerf(['stat', '-x', ',', '-e', instructions, 'true'])
  const parsed = parsePerfStat(await perf.printed)
  return 'unavailable' in parsed ? parsed : null
}

/**
 * Starts counting in running processes; resolves when perf has confirmed that it counts, or with the reason where it
 * cannot. `event` is perf's name of what is counted.
 */
export async function countInstructions(
  pids: number[],
  event: string = instructions,
): Promise<InstructionCounter | Unavailable> {
  const counter = await countInWindows(pids, event)
  if ('unavailable' in counter) return counter
  await counter.enable()
  return {
    stop: async () => {
      await counter.disable()
      return counter.stop()
    },
  }
}

/** The same for several windows, none of which is open yet. */
export async function countInWindows(
  pids: number[],
  event: string = instructions,
): Promise<WindowCounter | Unavailable> {
  if (!isInstalled('perf')) return notInstalled
  // Windows are opened and closed by command: perf's own start and end take tens of ms.
  const perf = startPerf(['stat', '-x', ',', '-e', event, '-D', '-1', '--control', 'fd:3,4', '-p', pids.join(',')])
  const finish = async () => {
    perf.child.kill('SIGINT')
    return parsePerfStat(await perf.printed)
  }
  // Its answer confirms that it counts.
  if (!(await perf.command('disable'))) return toUnavailable(await finish())
  return {
    enable: async () => void (await perf.command('enable')),
    disable: async () => void (await perf.command('disable')),
    stop: finish,
  }
}

interface Perf {
  child: ChildProcess
  /** All that it printed, once it has ended. */
  printed: Promise<string>
  /** Resolves to true when perf has done it, to false when perf has ended. */
  command(name: 'enable' | 'disable'): Promise<boolean>
}

/** Descriptor 3 takes commands, 4 gives an `ack` for each. perf ends with the processes that it watches. */
function startPerf(args: string[]): Perf {
  const child = spawn('perf', args, {
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  })
  const commands = child.stdio[3] as Writable
  const answers = child.stdio[4] as Readable
  commands.on('error', () => {})
  const ended = once(child, 'exit').then(() => false)
  const command = (name: string) => {
    const done = once(answers, 'data').then(() => true)
    commands.write(`${name}\n`)
    return Promise.race([done, ended])
  }
  return { child, printed: text(child.stderr as Readable), command }
}

const toUnavailable = (outcome: { count: number } | Unavailable): Unavailable =>
  'unavailable' in outcome ? outcome : { unavailable: 'instructions are not counted: perf ended too early' }
