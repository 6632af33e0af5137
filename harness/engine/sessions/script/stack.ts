import { displayPlace, type SourcePlaces } from './places.ts'

/**
 * Tells an error as the user's own files have it: the message, then one line a frame, innermost first. Frames of the
 * engine are left out. What was thrown need not be an Error.
 */
export function describeThrown(thrown: unknown, filename: string, places: SourcePlaces): string {
  if (!isError(thrown)) return inspectThrown(thrown)
  const frames = (thrown.stack ?? '').split('\n').flatMap((line) => describeFrame(line, filename, places) ?? [])
  return [String(thrown), ...frames.map((frame) => `    at ${frame}`)].join('\n')
}

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

function describeFrame(line: string, filename: string, places: SourcePlaces): string | null {
  const [, name, file, row, column] = framePattern.exec(line) ?? []
  if (file !== filename) return null
  const place = places.find(Number(row), Number(column))
  if (!place) return null
  const shown = name?.replace(/^Object\./, '').replace(/^\w+_default\d*$/, 'default')
  return shown ? `${shown} (${displayPlace(place)})` : displayPlace(place)
}
