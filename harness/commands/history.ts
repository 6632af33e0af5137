import { writeFile } from 'node:fs/promises'
import { join, parse, resolve } from 'node:path'
import { renderHistory } from '../../reports/history-page.ts'
import { formatTrends } from '../compare/trend-table.ts'
import { type MachineTrends, type TrendFilter, trendsOf } from '../compare/trends.ts'
import { messageOf, UserError, unknownName } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { appendToHistory, readHistory } from '../record/history.ts'
import type { RunValues } from '../record/schema.ts'
import { readArguments } from './arguments.ts'
import type { Command } from './port.ts'
import { valuesOfRun } from './values-of-run.ts'
import { shownPath } from './words.ts'

const help = `      --add [RUN]      adds a run (a folder under .weir/runs, or its name; the latest unless named)
      --scenario NAMES only these scenarios; commas or several times
      --metric NAME    only this metric, or selector such as "target_cpu_per_op{phase:paced} value"; several times
      --file FILE      where the history is, to commit it; .weir/history.jsonl unless given

Prints each number over the runs of a machine, and where it changed for good (E-divisive, permutation test at 1%); charts
are written beside the history as an HTML page. Runs of different machines, and of different loads, are never put together.
Change points are advice on where to look: to show a regression, compare the two commits with weir compare.`

export const history: Command = {
  synopsis: '[--add [run]] [options]',
  purpose: 'Keeps a line a run, and shows what became of each number and where it changed.',
  help,
  async run(args) {
    const parsed = readArguments(args, { add: 'optional', scenario: 'list', metric: 'repeated', file: 'value' })
    if (parsed.positionals.length > 0)
      throw new UserError(
        `weir history takes no arguments, found: ${parsed.positionals.join(' ')}. A run is added by --add`,
      )
    const file = resolve(parsed.value('file') ?? join('.weir', 'history.jsonl'))
    const page = pageOf(file)
    const added = parsed.value('add')
    const lines =
      added === undefined ? await readHistory(file) : await appendToHistory(file, await valuesOfRun(added || undefined))
    const filter = { scenarios: parsed.list('scenario'), metrics: parsed.repeated('metric') }
    assertKnown(lines, filter)
    const trends = trendsOf(lines, filter)
    process.stdout.write(formatTrends(trends, { width: 80 }))
    console.log(`charts: ${await writePage(page, trends)}`)
    return exitCodes.ok
  },
}

/** @throws UserError where the history has no such scenario or metric */
function assertKnown(lines: readonly RunValues[], { scenarios, metrics }: TrendFilter): void {
  const numbers = lines.flatMap((line) => line.numbers)
  const known = new Set(numbers.map(({ scenario }) => scenario))
  const selectors = new Set(numbers.map(({ metric }) => metric))
  const names = new Set([...selectors].map((metric) => metric.split(/[ {]/)[0]!))
  for (const name of scenarios) if (!known.has(name)) throw unknownName('scenario', name, known)
  for (const name of metrics)
    if (!selectors.has(name) && !names.has(name))
      throw unknownName('metric', name, name.includes(' ') ? selectors : names)
}

/** The charts lie beside the history. @throws UserError where they would be written over it */
function pageOf(file: string): string {
  const { dir, name } = parse(file)
  const page = join(dir, `${name}.html`)
  if (page !== file) return page
  throw new UserError(
    `option --file: the charts would be written over the history "${shownPath(file)}". Expected another ending, such as ${name}.jsonl`,
  )
}

/** @returns the page's path, as people read it from here */
async function writePage(page: string, trends: readonly MachineTrends[]): Promise<string> {
  try {
    await writeFile(page, await renderHistory(trends))
  } catch (error) {
    throw new UserError(`the charts ${page} cannot be written: ${messageOf(error)}`)
  }
  return shownPath(page)
}
