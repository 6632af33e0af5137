import { displayPlace, type SourcePlaces } from './places.ts'
import { bodyName } from './realm.ts'

/** The code that runs, as stacks have it. */
export interface RunningCode {
  filename: string
  code: string
  places: SourcePlaces
}

/**
 * Tells an error as the user's own files have it: the message, then one line a frame, innermost first. Frames of the
 * engine are left out. What was thrown need not be an Error.
 */
export function describeThrown(thrown: unknown, running: RunningCode): string {
  if (!isError(thrown)) return inspectThrown(thrown)
  const frames = describeFrames((thrown.stack ?? '').split('\n'), running)
  return [String(thrown), ...frames.map((frame) => `    at ${frame}`)].join('\n')
}

/** `login (script.js:7:9)` for each line of a stack that stands in the script. */
export const describeFrames = (lines: readonly string[], running: RunningCode): string[] =>
  lines.flatMap((line) => describeFrame(line, running) ?? [])

/** Errors of another realm are no instances of this one's Error. */
const isError = (thrown: unknown): thrown is Error =>
  thrown instanceof Error || typeof (thrown as { stack?: unknown } | null | undefined)?.stack === 'string'

function inspectThrown(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return String(thrown)
  try {
    return JSON.stringify(thrown) ?? String(thrown)
  } catch {
    return String(thrown)
  }
}

/** `    at async login (/path/script.ts:7:9)`; the name and its parentheses may be missing. */
const framePattern = /^\s+at (?:async )?(?:(.*) \()?(.*?):(\d+):(\d+)\)?$/

function describeFrame(line: string, { filename, code, places }: RunningCode): string | null {
  const [, name, file, row, column] = framePattern.exec(line) ?? []
  if (file !== filename) return null
  const place = places.find(Number(row), afterAwait(code, Number(row), Number(column)))
  if (!place) return null
  const shown = name && nameForPeople(name)
  return shown ? `${shown} (${displayPlace(place)})` : displayPlace(place)
}

/** A waiting frame stands at an `await` that the user did not write; the call is behind it. */
function afterAwait(code: string, row: number, column: number): number {
  const written = code.split('\n')[row - 1]?.slice(column - 1) ?? ''
  return column + (/^await /.exec(written)?.[0].length ?? 0)
}

/** `Object.main_default [as default]` is the default export; the module body has no name. */
function nameForPeople(name: string): string | null {
  const bare = name.replace(/ \[as .*\]$/, '').replace(/^Object\./, '')
  return bare === bodyName ? null : bare.replace(/^\w+_default\d*$/, 'default')
}
