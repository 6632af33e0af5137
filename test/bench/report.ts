/**
 * What it costs to render the report of a large campaign, and to open it in a browser, each figure beside its target.
 *
 *   npm run bench:report -- [--variants 20] [--scenarios 12] [--blocks 10] [--keep FILE]
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { UserError } from '../../harness/errors.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { storeRun } from '../support/stored-run.ts'
import { type LargeRunSize, largeRun } from './report/large-run.ts'
import { openPage } from './report/open.ts'
import type { RenderCost } from './report/render.ts'
import { textTable } from './text-table.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-bench-report-'))
try {
  await measure(readOptions())
} catch (error) {
  console.error(`bench:report: ${error instanceof UserError ? error.message : (error as Error).stack}`)
  process.exitCode = 1
} finally {
  rmSync(dir, { recursive: true, force: true })
}

interface Options extends LargeRunSize {
  /** Where the page goes, for a look at it. */
  keep: string | undefined
}

function readOptions(): Options {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ options: { variants: text, scenarios: text, blocks: text, keep: text } })
  const count = (name: keyof LargeRunSize, fallback: number): number => {
    const value = Number(values[name] ?? fallback)
    if (Number.isInteger(value) && value >= 1) return value
    throw new UserError(`--${name} ${values[name]}: expected a whole number from 1 on`)
  }
  return {
    variants: count('variants', 20),
    scenarios: count('scenarios', 12),
    blocks: count('blocks', 10),
    keep: values.keep,
  }
}

async function measure({ keep, ...size }: Options): Promise<void> {
  const run = largeRun(size)
  const figures = run.records.reduce((sum, { observations }) => sum + observations.length, 0)
  console.log(
    `${size.variants} variants x ${size.scenarios} scenarios x ${size.blocks} blocks: ${run.records.length} trials, ${figures} figures`,
  )
  const id = await storeRun(run, dir)
  const file = join(dir, 'report.html')
  const cost = await renderApart(join(dir, '.weir', 'runs', id), file)
  if (keep !== undefined) copyFileSync(file, keep)
  const opened = await openPage(file)
  console.log(
    textTable([
      ['what', 'measured', 'target', ''],
      row('reading the records', cost.readMs, 's'),
      row('memory with the records read, at the most', cost.readPeakMB, 'MB'),
      row('comparing', cost.compareMs, 's'),
      row('rendering, the comparison included', cost.compareMs + cost.renderMs, 's', 3000),
      row('memory, at the most', cost.peakMB, 'MB', 500),
      row('the page', cost.bytes / 1e6, 'MB', 2),
      row('opening: until loaded', opened.loadMs, 's'),
      row('opening: until the first chart', opened.firstChartMs, 's', 1000),
    ]),
  )
}

/** In a fresh process, as a command is, with the same flags. */
async function renderApart(runDir: string, file: string): Promise<RenderCost> {
  const child = fork(join(import.meta.dirname, 'report', 'render.ts'), [runDir, file], { execArgv: flagsOfCommands() })
  const [cost] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [RenderCost | number]
  if (typeof cost !== 'object') throw new UserError(`the process that renders ended with code ${cost}`)
  return cost
}

/** Times are given in ms and shown in seconds. */
function row(what: string, value: number, unit: 's' | 'MB', target?: number): string[] {
  const shown = (of: number) => (unit === 's' ? `${(of / 1000).toFixed(2)} s` : `${of.toFixed(of < 10 ? 2 : 0)} MB`)
  if (target === undefined) return [what, shown(value), '', '']
  return [what, shown(value), shown(target), value <= target ? 'met' : 'missed']
}

/** A young generation as large as V8 makes it by itself, on a machine of much memory, would be a hundred MB of mere garbage. */
function flagsOfCommands(): string[] {
  return packageJson.scripts.weir.split(' ').filter((part) => part.startsWith('--'))
}
