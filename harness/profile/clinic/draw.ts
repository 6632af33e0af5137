import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startGroup } from '../../target/started-group.ts'
import { type ClinicTool, clinicEnvironment, clinicNames } from './tool.ts'

/** It bundles a page's script anew each time. */
const usualDeadlineMs = 120_000

interface Drawing {
  tool: ClinicTool
  /** clinic's own. */
  program: string
  /** What it gathered. */
  data: string
  deadlineMs?: number
}

/**
 * Has clinic make a page of what it gathered. No browser is opened.
 *
 * @returns the page's path, or why there is none
 * @throws the signal's reason when it is aborted; clinic is stopped by then, whatever comes
 */
export async function drawPage(
  { tool, program, data, deadlineMs = usualDeadlineMs }: Drawing,
  signal: AbortSignal,
): Promise<{ page: string } | { problem: string }> {
  const folder = dirname(data)
  const logFile = join(folder, 'drawing.log')
  const name = `clinic ${clinicNames[tool]}`
  const group = await startGroup({
    title: name,
    command: [process.execPath, program, clinicNames[tool], '--visualize-only', data],
    cwd: folder,
    env: clinicEnvironment(folder),
    cpus: null,
    logFile,
    stopTimeoutMs: 1000,
    probe: false,
  })
  const over = new AbortController()
  try {
    const isInTime = await Promise.race([
      group.exited.then(() => true),
      sleep(deadlineMs, false, { signal: AbortSignal.any([over.signal, signal]) }),
    ])
    if (!isInTime) return { problem: `${name} drew nothing within ${deadlineMs / 1000} s and was stopped` }
    const page = `${data}.html`
    if (existsSync(page)) return { page }
    const said = group.outputTail().find((line) => /error/i.test(line)) ?? group.outputTail().at(-1)
    return { problem: `${name} draws nothing on Node ${process.versions.node}: ${said ?? 'it said nothing'}` }
  } finally {
    over.abort()
    await group.stop()
    await rm(join(folder, 'config'), { recursive: true, force: true })
  }
}
