import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import { exitCannotStart, messageOf, StartError } from '../errors.ts'
import type { GatewayConfig } from '../gateway/config.ts'
import type { SessionState } from '../state/port.ts'
import { Batches } from './batches.ts'
import type { Store, Write } from './port.ts'

const batchLimits = { writes: 50, ageMs: 100 }
const mostReaders = 5

type Location = Pick<GatewayConfig, 'databaseDir' | 'databaseFile'>

const threads = (name: 'writer' | 'reader', file: string, maxThreads: number): Piscina => {
  const filename = fileURLToPath(new URL(`./${name}${extname(import.meta.url)}`, import.meta.url))
  // Without `atomics: 'disabled'` an idle thread sleeps inside Atomics.wait, and its event loop can answer nothing else.
  return new Piscina({ filename, workerData: { file }, minThreads: 1, maxThreads, atomics: 'disabled' })
}

/** SQLite is synchronous, so it lives in worker threads: one that writes in batches, and some that read. */
class BatchedStore implements Store {
  readonly #location: Location
  readonly #batches = new Batches(batchLimits, (batch) => this.#writer!.run({ batch }) as Promise<void>)
  /** Sessions whose deletion is not committed yet, and how many deletions: they must not be read back meanwhile. */
  readonly #deleting = new Map<string, number>()
  #folder: string | undefined
  #writer: Piscina | undefined
  #readers: Piscina | undefined

  constructor(location: Location) {
    this.#location = location
  }

  get pendingWrites(): number {
    return this.#batches.pending
  }

  async open(): Promise<void> {
    let file = this.#location.databaseFile
    try {
      file ??= await this.#freshFile()
      await mkdir(dirname(file), { recursive: true })
      this.#writer = threads('writer', file, 1)
      // The writer makes the tables, so readers come after it.
      await this.#writer.run({ batch: [] })
      this.#readers = threads('reader', file, mostReaders)
    } catch (error) {
      await this.#dispose()
      const where = file ?? `in ${this.#location.databaseDir}`
      throw new StartError(`database ${where} cannot be opened: ${messageOf(error)}`, exitCannotStart, { cause: error })
    }
  }

  async write(write: Write): Promise<void> {
    if (write.kind !== 'delete-session') return this.#batches.add(write)
    this.#deleting.set(write.id, (this.#deleting.get(write.id) ?? 0) + 1)
    try {
      await this.#batches.add(write)
    } finally {
      const left = this.#deleting.get(write.id)! - 1
      if (left === 0) this.#deleting.delete(write.id)
      else this.#deleting.set(write.id, left)
    }
  }

  async load(id: string): Promise<SessionState | undefined> {
    if (this.#deleting.has(id)) return undefined
    const found = (await this.#readers!.run({ id })) as SessionState | undefined
    return this.#deleting.has(id) ? undefined : found
  }

  async check(): Promise<void> {
    await this.load('')
  }

  async close(): Promise<void> {
    await this.#batches.flush()
    await this.#readers?.destroy()
    await this.#writer?.run({ close: true })
    await this.#dispose()
  }

  async #freshFile(): Promise<string> {
    await mkdir(this.#location.databaseDir, { recursive: true })
    this.#folder = await mkdtemp(join(this.#location.databaseDir, 'gateway-'))
    return join(this.#folder, 'gateway.sqlite')
  }

  async #dispose(): Promise<void> {
    await this.#writer?.destroy()
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true })
  }
}

export const batchedStore = (location: Location): Store => new BatchedStore(location)
