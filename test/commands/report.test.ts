import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, describe, it, mock } from 'node:test'
import { report } from '../../harness/commands/report.ts'
import { runWeir, startWeir } from '../end-to-end/weir.ts'
import { goldenRun } from '../support/records.ts'
import { storeRun } from '../support/stored-run.ts'

const dir = await mkdtemp(join(tmpdir(), 'weir-report-'))
after(() => rm(dir, { recursive: true }))

const small = { samples: 400, blocks: 2 }
const runDir = (id: string): string => join(dir, '.weir', 'runs', id)
const [first, second, running] = ['a', 'b', 'c'].map(runDir) as [string, string, string]

before(async () => {
  await storeRun(goldenRun(small), dir, { id: 'a' })
  await storeRun(goldenRun({ ...small, seed: 8 }), dir, { id: 'b', startedAt: '2026-11-22T03:15:02.000Z' })
  await storeRun(goldenRun({ ...small, blocksIn: 1, status: 'running' }), dir, { id: 'c' })
})

afterEach(() => mock.restoreAll())

/** Runs the command; @returns the lines that it logs */
async function weirReport(...args: string[]): Promise<string[]> {
  const lines: string[] = []
  mock.method(console, 'log', (line: string) => void lines.push(line))
  assert.equal(await report.run(args, new AbortController().signal), 0)
  return lines
}

describe('weir report', () => {
  it('writes what a run writes unless told otherwise', async () => {
    const [line, ...others] = await weirReport(first)
    assert.match(line!, /^report: .*report\.html$/)
    assert.deepEqual(others, [])
    assert.deepEqual((await readdir(first)).sort(), ['logs', 'records', 'report.html', 'run.json', 'table.txt'])
  })

  it('writes several formats into a folder that it makes, each once', async () => {
    const out = join(dir, 'new', 'folder')
    const lines = await weirReport(first, '--format', 'md,csv', '--format', 'json,md', '--out', out)
    assert.deepEqual(
      lines.map((line) => line.split(':')[0]),
      ['md', 'csv', 'json'],
    )
    assert.deepEqual((await readdir(out)).sort(), ['report.csv', 'report.json', 'report.md'])
  })

  it('takes the format from the ending of a file, and puts one format beside the run', async () => {
    await weirReport(first, '--out', join(dir, 'pr.md'))
    await weirReport(first, '--format', 'md')
    const written = await readFile(join(dir, 'pr.md'), 'utf8')
    assert.match(written, /^### /)
    assert.equal(await readFile(join(first, 'report.md'), 'utf8'), written)
  })

  it('reports a run that is still going on', async () => {
    await weirReport(running, '--out', join(dir, 'running.md'))
    assert.match(await readFile(join(dir, 'running.md'), 'utf8'), /Still running/)
  })

  it('shows several runs together', async () => {
    await weirReport(second, first, '--format', 'md,html', '--out', dir)
    assert.match(await readFile(join(dir, 'report.md'), 'utf8'), /^### 2 runs, 2026-11-21 to 2026-11-22\n/)
    assert.match(await readFile(join(dir, 'report.html'), 'utf8'), /<title>weir report of 2 runs/)
  })

  it('prints one format, the latest run unless one is named', async () => {
    const { code, stdout, stderr } = await runWeir(dir, ['report', '--format', 'csv', '--out', '-'])
    assert.deepEqual([code, stderr], [0, ''])
    assert.match(stdout, /^run,scenario,variant,[^\r]*\r\nc,turns,optimized,/)
  })

  it('prints to a reader that soon has enough', async () => {
    const started = startWeir(dir, ['report', first, '--format', 'json', '--out', '-'])
    started.process.stdout!.once('data', () => started.process.stdout!.destroy())
    const { code, stderr } = await started.finished
    assert.deepEqual([code, stderr], [0, ''])
  })

  const wrong: [what: string, args: string[], message: RegExp][] = [
    ['a format that does not exist', [first, '--format', 'jsn'], /format "jsn" does not exist\. Did you mean "json"\?/],
    ['a file without a format', [first, '--out', 'x.txt'], /"x\.txt" does not tell its format: expected .*\.md/],
    ['a file for two formats', [first, '--format', 'md,csv', '--out', join(dir, 'taken')], /expected a folder for 2/],
    ['to print two formats', [first, '--format', 'md,csv', '--out', '-'], /expected a folder for 2 formats, found "-"/],
    ['to open what is printed', [first, '--open', '--out', '-'], /--open and --out -: expected one of them/],
    [
      'a folder below a file',
      [first, '--format', 'md', '--out', join(dir, 'taken', 'x.md')],
      /x\.md" cannot be written/,
    ],
    ['a run that does not exist', ['nothing'], /run "nothing" does not exist/],
    ['a run twice', [first, first], /run "a" is named twice/],
    ['a run among several that has not ended', [first, running], /run "c" has not ended/],
  ]
  for (const [what, args, message] of wrong)
    it(`refuses ${what}`, async () => {
      await writeFile(join(dir, 'taken'), '')
      await assert.rejects(report.run(args, new AbortController().signal), { name: 'UserError', message })
    })
})
