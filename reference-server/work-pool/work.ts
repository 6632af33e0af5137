import type { checkJson } from '../tools/blocking/check-json.ts'
import type { compress } from '../tools/blocking/compress.ts'
import type { digest } from '../tools/blocking/digest.ts'
import type { outline } from '../tools/blocking/outline.ts'

/** What threads can be asked to do, by name. Only types: the code is loaded by the threads. */
export interface Work {
  'check-json': typeof checkJson
  compress: typeof compress
  digest: typeof digest
  outline: typeof outline
}

export type WorkName = keyof Work

/** What a thread is started with. */
export interface ThreadData {
  /** Whether it loads all kinds of work before it begins, and not each when it is first asked for. */
  loadAll: boolean
}

/** What a thread is sent. */
export interface WorkOrder {
  name: WorkName
  args: unknown
}

/** What it answers: an error's class would not survive the way back. */
export type WorkOutcome = { text: string } | { failure: string }
