import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { familyOf, isAlive, type ProcessEntry } from './process-tree.ts'

/** The kernel takes a killed process away at once, unless it hangs in a driver: then waiting does not help. */
const killPatienceMs = 10_000

/**
 * Ends all that was started as `root`: SIGTERM, then after `timeoutMs` SIGKILL. Resolves when all of it is gone;
 * rejects if a process outlives SIGKILL.
 */
export async function stopFamily(root: number, timeoutMs: number): Promise<void> {
  const asked = signalFamily(root, 'SIGTERM')
  if (await areGone(root, asked, timeoutMs)) return
  const killed = [...asked.filter(isAlive), ...signalFamily(root, 'SIGKILL')]
  for (const { pid } of killed) send(pid, 'SIGKILL')
  if (await areGone(root, killed, killPatienceMs)) return
  const pids = [...new Set(killed.filter(isAlive).map(({ pid }) => pid))]
  throw new Error(`processes ${pids.join(', ')} are still there after SIGKILL`)
}

/** Signals the whole process group at once and what left the group one by one. Gives whom it reached. Synchronous. */
export function signalFamily(root: number, signal: NodeJS.Signals): ProcessEntry[] {
  const family = familyOf(root)
  const grouped = family.some(({ group }) => group === root)
  if (grouped || !hasProcessTable()) send(-root, signal)
  for (const { pid, group } of family) if (group !== root) send(pid, signal)
  return family
}

async function areGone(root: number, known: ProcessEntry[], timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs
  for (let waitMs = 5; ; waitMs = Math.min(2 * waitMs, 100)) {
    if (!known.some(isAlive) && isFamilyGone(root)) return true
    const leftMs = deadline - performance.now()
    if (leftMs <= 0) return false
    await sleep(Math.min(waitMs, leftMs))
  }
}

const isFamilyGone = (root: number): boolean => (hasProcessTable() ? familyOf(root).length === 0 : !send(-root, 0))

const hasProcessTable = (): boolean => existsSync('/proc/self/stat')

/** False where nobody is there to get the signal. */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}
