import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

const keptLines = 20
/** Enough for the last lines of any sensible log; a longer line is cut at its front. */
const readBytes = 16_384

/** The last 20 lines of a file, counted from byte `from` on. Empty lines at the end do not count. */
export function tailOf(file: string, from: number): string[] {
  const descriptor = openSync(file, 'r')
  try {
    const end = fstatSync(descriptor).size
    const start = Math.max(from, end - readBytes)
    const buffer = Buffer.alloc(Math.max(0, end - start))
    const length = readSync(descriptor, buffer, 0, buffer.length, start)
    const text = buffer.toString('utf8', 0, length).trimEnd()
    return text === '' ? [] : text.split(/\r?\n/).slice(-keptLines)
  } finally {
    closeSync(descriptor)
  }
}
