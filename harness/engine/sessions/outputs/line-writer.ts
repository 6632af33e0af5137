import { closeSync, openSync, write, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'

const writeBytes = promisify(write)
const wholeBytes = 64 * 1024

/**
 * Collects lines and appends them, many in one write. Every write ends with a line, so that several processes can
 * append to the same file. A name that ends in `.gz` is compressed: one gzip member a write, which all readers take
 * for one file.
 */
export class LineWriter {
  private held = ''
  private isWriting: Promise<void> | null = null
  private readonly descriptor: number | null
  private readonly isCompressed: boolean
  private readonly print: (text: string) => void
  private readonly timer: NodeJS.Timeout

  /** @param file null: to `print` */
  constructor(file: string | null, print: (text: string) => void, flushEveryMs: number) {
    this.descriptor = file === null ? null : openSync(file, 'a')
    this.isCompressed = file?.endsWith('.gz') ?? false
    this.print = print
    this.timer = setInterval(() => this.flush(), flushEveryMs)
    this.timer.unref()
  }

  /** @param lines whole lines, each with its end */
  write(lines: string): void {
    this.held += lines
    if (this.held.length >= wholeBytes) this.flush()
  }

  /** The same, at once: for what stands before anything that another process writes. */
  writeNow(lines: string): void {
    if (this.descriptor === null) this.print(lines)
    else writeSync(this.descriptor, this.bytesOf(lines))
  }

  private bytesOf(text: string): Buffer {
    const plain = Buffer.from(text)
    return this.isCompressed ? gzipSync(plain) : plain
  }

  private flush(): void {
    if (this.held === '' || this.isWriting !== null) return
    const text = this.held
    this.held = ''
    if (this.descriptor === null) this.print(text)
    else this.isWriting = this.append(this.descriptor, text).finally(() => (this.isWriting = null))
  }

  private async append(descriptor: number, text: string): Promise<void> {
    const bytes = this.bytesOf(text)
    for (let at = 0; at < bytes.length; ) at += (await writeBytes(descriptor, bytes, at)).bytesWritten
  }

  async close(): Promise<void> {
    clearInterval(this.timer)
    while (this.held !== '' || this.isWriting !== null) {
      this.flush()
      await this.isWriting
    }
    if (this.descriptor !== null) closeSync(this.descriptor)
  }
}
