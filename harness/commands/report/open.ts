import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf, UserError } from '../../errors.ts'
import { exitCodes } from '../../exit-codes.ts'

interface Opener {
  command: string
  args(path: string): string[]
}

/** What shows a file as a double click would. */
const openers: Partial<Record<NodeJS.Platform, Opener>> = {
  darwin: { command: 'open', args: (path) => [path] },
  // The first text in quotes would be the title of a window.
  win32: { command: 'cmd', args: (path) => ['/d', '/s', '/c', `start "" "${path}"`] },
}

const elsewhere: Opener = { command: 'xdg-open', args: (path) => [path] }

/** Some openers stay until the browser is closed: one that is still there by then has found one. */
const patienceMs = 3000

/**
 * Opens a file with what the desktop has for it; the viewer outlives weir.
 *
 * @param platform as `process.platform`
 * @throws UserError that names the file where there is nothing to open it with
 */
export async function openFile(path: string, platform: NodeJS.Platform = process.platform): Promise<void> {
  const { command, args } = openers[platform] ?? elsewhere
  const child = spawn(command, args(path), {
    stdio: 'ignore',
    detached: true,
    windowsVerbatimArguments: platform === 'win32',
  })
  const failed = new Promise<string | null>((resolve) => {
    child.once('error', (error) => resolve(messageOf(error)))
    child.once('exit', (code) => resolve(code === 0 ? null : `it ended with code ${code}`))
  })
  child.unref()
  const done = new AbortController()
  const waited = sleep(patienceMs, null, { signal: done.signal }).catch(() => null)
  const why = await Promise.race([failed, waited])
  done.abort()
  if (why === null) return
  throw new UserError(
    `option --open: ${command} cannot show the report (${why}): there may be no desktop here. Open ${path} in a browser`,
    exitCodes.failed,
  )
}
