import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { UserError } from '../../errors.ts'

/** What a real k6 says of a script. unknown: there is none, or it gave no answer. */
export type K6Answer = { kind: 'runs' } | { kind: 'refuses'; why: string } | { kind: 'unknown' }

const limitMs = 60_000

/**
 * Lets the k6 on the PATH run the script's top level and read its options; no iteration runs.
 * @param isRequired whether it is an error that there is no k6
 * @throws UserError then
 */
export async function askK6(
  script: string,
  env: Readonly<Record<string, string>>,
  isRequired: boolean,
  signal: AbortSignal,
): Promise<K6Answer> {
  const flags = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`])
  const args = ['inspect', '-q', '--include-system-env-vars', '--execution-requirements', ...flags, script]
  try {
    await promisify(execFile)('k6', args, { timeout: limitMs, signal, maxBuffer: 1 << 26, env: withoutDownloads() })
    return { kind: 'runs' }
  } catch (error) {
    const { code, stderr = '' } = error as { code?: unknown; stderr?: string }
    if (code === 'ENOENT' && isRequired)
      throw new UserError('option --k6: there is no "k6" on the PATH. Install it (https://k6.io), or leave --k6 out')
    // A number is the exit code; all else is that it could not be started, or was stopped.
    return typeof code === 'number' ? { kind: 'refuses', why: reasonIn(stderr) } : { kind: 'unknown' }
  }
}

/** Else k6 would look for another k6 on the network, with the extensions that the script imports. */
const withoutDownloads = (): NodeJS.ProcessEnv => ({ ...process.env, K6_AUTO_EXTENSION_RESOLUTION: 'false' })

/** k6 logs `time="..." level=error msg="..." hint="..."`; stacks and lists are behind line breaks. */
function reasonIn(output: string): string {
  const lines = output.trim().split('\n')
  const line = lines.findLast((each) => each.includes('level=error')) ?? lines.at(-1) ?? ''
  const message = / msg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1]
  if (message === undefined) return line
  return message.replaceAll('\\"', '"').replace(/(\\n|\\t)+/g, ' ').trim() // biome-ignore format: one line
}
