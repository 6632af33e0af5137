import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import { exitCannotStart, messageOf, StartError } from '../../errors.ts'
import type { GatewayConfig } from '../../gateway/config.ts'
import {
  type CommitFailure,
  type CommitOutcome,
  type Database,
  DatabaseError,
  type ReadName,
  type Reads,
} from '../database.ts'
import type { Write } from '../port.ts'
import type { Contents } from './schema.ts'
import type { ThreadData, ThreadTask } from './thread.ts'

type Location = Pick<GatewayConfig, 'databaseDir' | 'databaseFile'>

const threads = (maxThreads: number, workerData: ThreadData): Piscina => {
  const filename = fileURLToPath(new URL(`./thread${extname(import.meta.url)}`, import.meta.url))
  // Without `atomics: 'disabled'` an idle thread sleeps inside Atomics.wait, and its event loop can answer nothing else.
  return new Piscina({ filename, workerData, minThreads: 1, maxThreads, atomics: 'disabled' })
}

const magic = 'SQLite format 3\0'

/** A thread that finds another kind of file could only die of it. An absent or empty file becomes a database. */
const assertDatabase = async (file: string): Promise<void> => {
  const handle = await open(file, 'r').catch(() => undefined)
  if (!handle) return
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(magic.length), 0, magic.length, 0)
    if (bytesRead > 0 && buffer.toString('latin1', 0, bytesRead) !== magic) throw new Error('it is no SQLite database')
  } finally {
    await handle.close()
  }
}

/** SQLite is synchronous, so it lives in threads: one that writes, and some that only read. */
class EmbeddedDatabase implements Database {
  readonly isShared = false
  readonly #location: Location
  readonly #contents: Contents
  readonly #mostReaders: number
  #folder: string | undefined
  #writer: Piscina | undefined
  #readers: Piscina | undefined
  #committing = 0
  #reading = 0

  constructor(location: Location, contents: Contents, mostReaders: number) {
    this.#location = location
    this.#contents = contents
    this.#mostReaders = mostReaders
  }

  get connectionsInUse(): number {
    if (this.#mostReaders === 0) return Math.min(this.#committing + this.#reading, 1)
    return Math.min(this.#committing, 1) + Math.min(this.#reading, this.#mostReaders)
  }

  get connectionsAwaited(): number {
    return this.#committing + this.#reading - this.connectionsInUse
  }

  async open(): Promise<void> {
    let file = this.#location.databaseFile
    try {
      file ??= await this.#freshFile()
      await mkdir(dirname(file), { recursive: true })
      await assertDatabase(file)
      this.#writer = threads(1, { file, contents: this.#contents })
      // The writer makes the tables, so readers come after it.
      await this.#run(this.#writer, { commit: '[]' })
      if (this.#mostReaders > 0) this.#readers = threads(this.#mostReaders, { file })
    } catch (error) {
      await this.#dispose()
      const where = file ?? `in ${this.#location.databaseDir}`
      throw new StartError(`database ${where} cannot be opened: ${messageOf(error)}`, exitCannotStart, { cause: error })
    }
  }

  async commit(batches: readonly (readonly Write[])[]): Promise<CommitOutcome> {
    this.#committing += 1
    try {
      return (await this.#run(this.#writer!, { commit: JSON.stringify(batches) })) as CommitOutcome
    } catch (error) {
      return { committed: 0, failure: { kind: 'refused', message: messageOf(error) } }
    } finally {
      this.#committing -= 1
    }
  }

  async read<Name extends ReadName>(name: Name, ...values: Parameters<Reads[Name]>): Promise<ReturnType<Reads[Name]>> {
    // What this always gives is not worth a way to a thread.
    if (name === 'turnRows') return undefined as ReturnType<Reads[Name]>
    this.#reading += 1
    try {
      const task = { read: name, values } as ThreadTask
      const { value, failure } = (await this.#run(this.#readers ?? this.#writer!, task)) as ReadOutcome<Name>
      if (failure) throw new DatabaseError(failure.kind, failure.message)
      return value!
    } finally {
      this.#reading -= 1
    }
  }

  async close(): Promise<void> {
    await this.#readers?.destroy()
    // The last connection to close also empties the write-ahead log.
    if (this.#writer) await this.#run(this.#writer, { close: true })
    await this.#dispose()
  }

  #run(pool: Piscina, task: ThreadTask): Promise<unknown> {
    return pool.run(task)
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

interface ReadOutcome<Name extends ReadName> {
  value?: ReturnType<Reads[Name]>
  failure?: CommitFailure
}

/**
 * SQLite within this process.
 * @param readers threads that only read; with 0 the one that writes reads too
 */
export const embeddedDatabase = (location: Location, contents: Contents, readers: number): Database =>
  new EmbeddedDatabase(location, contents, readers)
