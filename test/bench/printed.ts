import assert from 'node:assert/strict'
import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

/** A bench as whoever types its command sees it. */
export class PrintingBench {
  readonly #file: string
  readonly #seconds: string
  readonly #head: RegExp

  /**
   * @param name of its file: `engine`
   * @param seconds that each measurement shall take
   * @param cores what the first line of the output says of them
   */
  constructor(name: string, seconds: number, cores: RegExp) {
    this.#file = join(import.meta.dirname, `${name}.ts`)
    this.#seconds = `${seconds}`
    this.#head = new RegExp(`^\\d+ cores \\(.*\\), Node v\\d+\\.\\d+\\.\\d+; ${cores.source}`)
  }

  run(...args: string[]): SpawnSyncReturns<string> {
    const cwd = join(import.meta.dirname, '../..')
    return spawnSync(process.execPath, [this.#file, ...args], { encoding: 'utf8', timeout: 300_000, cwd })
  }

  /** Measures once, and briefly. */
  measure(...args: string[]): SpawnSyncReturns<string> {
    return this.run('--seconds', this.#seconds, '--rounds', '1', ...args)
  }

  /** What a part prints, when nothing went wrong. */
  print(...args: string[]): string {
    const { status, stdout, stderr } = this.measure(...args)
    assert.equal(stderr, '')
    assert.equal(status, 0)
    assert.match(stdout, this.#head)
    return stdout
  }

  /** A test for each row: arguments that cannot be understood, and what is said of them. */
  refuses(rows: readonly (readonly [args: readonly string[], said: RegExp])[]): void {
    for (const [args, said] of rows)
      test(`Options that cannot be understood are refused with those that can: ${args.join(' ')}.`, () => {
        const { status, stdout, stderr } = this.run(...args)
        assert.equal(status, 1)
        assert.equal(stdout, '')
        assert.match(stderr, said)
      })
  }
}

/** A line of the table of figures: name, number, perhaps what it shall be and whether it is. */
export const figure = (what: string, target = ''): RegExp =>
  new RegExp(`^ +${what} +-?[\\d.]+${target === '' ? '' : ` +${target} +(met|missed)`}$`, 'm')
