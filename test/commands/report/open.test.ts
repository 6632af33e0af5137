import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, describe, it } from 'node:test'
import { openFile } from '../../../harness/commands/report/open.ts'

const dir = await mkdtemp(join(tmpdir(), 'weir-open-'))
const usual = process.env.PATH
beforeEach(() => {
  process.env.PATH = dir
})
after(() => {
  process.env.PATH = usual
  return rm(dir, { recursive: true })
})

/** A program of that name that writes down what it was told, and then does what is asked. */
const install = (name: string, then: string): Promise<void> =>
  writeFile(join(dir, name), `#!/bin/sh\nfor each in "$@"; do echo "$each"; done > ${join(dir, 'told')}\n${then}\n`, {
    mode: 0o755,
  })

const told = (): Promise<string> => readFile(join(dir, 'told'), 'utf8')

const openers: [platform: NodeJS.Platform, command: string, args: string[]][] = [
  ['linux', 'xdg-open', ['/tmp/a b.html']],
  ['freebsd', 'xdg-open', ['/tmp/a b.html']],
  ['darwin', 'open', ['/tmp/a b.html']],
  ['win32', 'cmd', ['/d', '/s', '/c', 'start "" "/tmp/a b.html"']],
]

describe('A report is opened', () => {
  for (const [platform, command, args] of openers)
    it(`by ${command} on ${platform}`, async () => {
      await install(command, '')
      await openFile('/tmp/a b.html', platform)
      assert.equal(await told(), `${args.join('\n')}\n`)
    })
})

describe('Where a report cannot be opened', () => {
  it('says so when there is no desktop', async () => {
    await install('xdg-open', 'exit 3')
    const message = /--open: xdg-open cannot show the report \(it ended with code 3\).*Open \/tmp\/a\.html in a browser/
    await assert.rejects(openFile('/tmp/a.html', 'linux'), { name: 'UserError', message, exitCode: 1 })
  })

  it('says so when there is no such program', async () => {
    await rm(join(dir, 'xdg-open'), { force: true })
    await assert.rejects(openFile('/tmp/a.html', 'linux'), { name: 'UserError', message: /xdg-open.*ENOENT/ })
  })
})
