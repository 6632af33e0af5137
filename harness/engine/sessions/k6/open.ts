import { readFileSync, statSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestContext } from '../load-test/test-context.ts'
import { initFolder } from '../script/init-folder.ts'
import type { VirtualUser } from '../users/vu.ts'
import { ownArrayBuffer } from './bytes.ts'
import { GoError } from './go-error.ts'

/** Up to this size each user gets bytes of its own, as in k6; of longer files all users share the same. */
const copiedBytes = 16 * 1024

/** What was read for a test, by path: ten thousand users open the same files. */
const filesOf = new WeakMap<TestContext, Map<string, { text: string | null; bytes: ArrayBuffer | null }>>()

/**
 * Reads a file at the top level of a script: text, or with mode `b` an ArrayBuffer.
 * @throws GoError with k6's words
 */
export function open(user: VirtualUser, path: unknown, mode: unknown): string | ArrayBuffer {
  if (!user.isInitialising)
    throw new GoError(
      'the "open" function is only available in the init stage (i.e. the global scope), see https://grafana.com/docs/k6/latest/using-k6/test-lifecycle/ for more information',
    )
  const file = pathOf(user, path === undefined || path === null ? '' : String(path))
  let files = filesOf.get(user.context)
  if (!files) filesOf.set(user.context, (files = new Map()))
  let kept = files.get(file)
  if (!kept) files.set(file, (kept = { text: null, bytes: null }))
  if (mode !== 'b') return (kept.text ??= read(file).toString('utf8'))
  kept.bytes ??= ownArrayBuffer(read(file))
  return kept.bytes.byteLength <= copiedBytes ? kept.bytes.slice(0) : kept.bytes
}

function pathOf(user: VirtualUser, path: string): string {
  if (path === '') throw new GoError("open() can't be used with an empty filename")
  if (path.startsWith('file://')) return fileURLToPath(path)
  return isAbsolute(path) ? path : resolve(initFolder.current ?? user.context.scriptFolder, path)
}

function read(file: string): Buffer {
  try {
    if (statSync(file).isDirectory())
      throw new GoError(`open() can't be used with directories, path: ${JSON.stringify(file)}`)
    return readFileSync(file)
  } catch (error) {
    if (error instanceof GoError) throw error
    throw new GoError(asGoSays(error as NodeJS.ErrnoException, file))
  }
}

/** Go's words for what scripts meet most. */
function asGoSays(error: NodeJS.ErrnoException, file: string): string {
  if (error.code === 'ENOENT') return `stat ${file}: no such file or directory`
  return error.code === 'EACCES' ? `open ${file}: permission denied` : error.message
}
