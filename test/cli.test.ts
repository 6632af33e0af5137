import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { exitCodes } from '../harness/exit-codes.ts'

const cli = join(import.meta.dirname, '..', 'harness', 'cli.ts')

/** `weir --help`, in whose place something else is printed. @param print the source of what stands for `console.log` */
function startHelp(print: string) {
  const before = `data:text/javascript,${encodeURIComponent(`console.log = ${print}`)}`
  return spawn(process.execPath, ['--import', before, cli, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] })
}

const faults: [what: string, print: string][] = [
  ['thrown by a command', '() => { throw new TypeError("a fault") }'],
  ['thrown where nobody waits for it', '() => queueMicrotask(() => { throw new TypeError("a fault") })'],
  ['of a promise that nobody waits for', '() => void Promise.reject(new TypeError("a fault"))'],
]
for (const [what, print] of faults)
  test(`A fault ${what} has a code of its own and is shown with its stack`, async () => {
    const weir = startHelp(print)
    const [said, [code]] = await Promise.all([text(weir.stderr), once(weir, 'close'), weir.stdout.resume()])
    assert.match(said, /^weir: unexpected failure, please report it:\nTypeError: a fault\n {4}at /)
    assert.equal(code, exitCodes.internal)
  })

test('Who closes the pipe has read enough: the outcome stays what it is', async () => {
  const weir = startHelp('(text) => process.stdout.write(text)')
  weir.stdout.destroy()
  const [said, [code]] = await Promise.all([text(weir.stderr), once(weir, 'close')])
  assert.deepEqual([said, code], ['', exitCodes.ok])
})
