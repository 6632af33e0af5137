import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import type { LaunchSpec } from '../../harness/target/port.ts'

/** A folder of its own for the programs and logs of one test file; removed in the end. */
export const folder = mkdtempSync(join(tmpdir(), 'weir-test-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** Writes a Node program and gives its path. */
export function program(name: string, source: string): string {
  const file = join(folder, name)
  writeFileSync(file, source)
  return file
}

/** Answers 200 to everything on the port in PORT. */
export const server = program(
  'server.mjs',
  `import { createServer } from 'node:http'
   console.log('starting as', process.pid)
   createServer((request, response) => response.end('ok')).listen(Number(process.env.PORT), '127.0.0.1')`,
)

/** Runs a Node program of one's own that listens on `port`. */
export const specFor = (port: number, command: string[], changes: Partial<LaunchSpec> = {}): LaunchSpec => ({
  title: 'target under test',
  command,
  cwd: folder,
  env: { PORT: String(port) },
  port,
  ready: { http: '/', timeoutMs: 10_000 },
  cpus: null,
  logFile: join(folder, `${port}.log`),
  stopTimeoutMs: 5000,
  probe: false,
  ...changes,
})

export const logOf = (port: number): string => readFileSync(join(folder, `${port}.log`), 'utf8')

/** Asks until the answer is there; tests wait for events, not for times. */
export async function until<T>(ask: () => T | undefined | null | false, what: string): Promise<T> {
  for (let tries = 0; tries < 1000; tries++) {
    const answer = ask()
    if (answer) return answer
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`waited ten seconds for ${what}`)
}
