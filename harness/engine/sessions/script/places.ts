import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'

/** Where something stands in a file of the user's; line and column count from 1. */
export interface Place {
  file: string
  line: number
  column: number
}

/** A path for people: relative where it is below the working directory. */
export function displayPath(path: string): string {
  if (isAddress(path)) return path
  const below = relative(process.cwd(), path)
  return below === '' || below.startsWith('..') || isAbsolute(below) ? path : below
}

/** Of a module that came from the network. */
export const isAddress = (path: string): boolean => path.startsWith('https://')

/** A source as bundles and their maps name it: relative to the folder of the script, or an address. */
export const sourceFile = (folder: string, source: string): string =>
  isAddress(source) ? source : resolve(folder, source)

export const displayPlace = ({ file, line, column }: Place): string => `${displayPath(file)}:${line}:${column}`

/** Finds the user's places behind those of code made from it. `map`: a source map as JSON; `entry`: the script. */
export class SourcePlaces {
  readonly #map: TraceMap
  readonly #folder: string

  constructor(map: string, entry: string) {
    this.#map = new TraceMap(map)
    this.#folder = dirname(entry)
  }

  /** Line from 1, column from 1; null for code that no line of the user's stands for. */
  find(line: number, column: number): Place | null {
    const found = originalPositionFor(this.#map, { line, column: column - 1 })
    if (found.source === null) return null
    return { file: sourceFile(this.#folder, found.source), line: found.line, column: found.column + 1 }
  }

  /** The place of an offset in `code`, which the map describes. */
  ofOffset(code: string, offset: number): Place | null {
    const before = code.slice(0, offset)
    const lineStart = before.lastIndexOf('\n') + 1
    return this.find(before.split('\n').length, offset - lineStart + 1)
  }
}
