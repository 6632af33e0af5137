import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import type { LogEntry } from './port.ts'

/** So many entries are made text at once; the event loop is let go in between. */
const entriesAtOnce = 500

/** The text of the file in pieces, each made when it is asked for. */
export function* logText(entries: readonly LogEntry[]): Generator<string> {
  let text = '{"sessions":['
  for (const [at, entry] of entries.entries()) {
    if (at > 0 && at % entriesAtOnce === 0) {
      yield text
      text = ''
    }
    text += `${at === 0 ? '' : ','}\n${JSON.stringify(entry)}`
  }
  yield `${text}\n]}\n`
}

/** Both ways write under another name, wait for the disk, and only then let the new file take the place of the old. */
const temporaryOf = (file: string): string => `${file}.new`

/** Writes the file off the event loop, from the threads of the file API. */
export const writeInBackground = async (file: string, entries: readonly LogEntry[]): Promise<void> => {
  const temporary = temporaryOf(file)
  try {
    const handle = await open(temporary, 'w')
    try {
      for (const piece of logText(entries)) await handle.appendFile(piece)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw error
  }
}

/** Writes the file on the event loop, which stands still until the disk has it. */
export const writeAtOnce = (file: string, entries: readonly LogEntry[]): void => {
  const temporary = temporaryOf(file)
  const descriptor = openSync(temporary, 'w')
  try {
    writeFileSync(descriptor, [...logText(entries)].join(''))
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(temporary, file)
}
