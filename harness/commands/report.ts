import { resolve } from 'node:path'
import { reportFormats } from '../../reports/formats/table.ts'
import { UserError } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Run } from '../record/schema.ts'
import { type ParsedArguments, readArguments } from './arguments.ts'
import { findRun } from './find-run.ts'
import type { Command } from './port.ts'
import { readAsked } from './report/arguments.ts'
import { openFile } from './report/open.ts'
import { readRuns } from './report/runs.ts'
import { writeReports } from './report/write.ts'
import { writeOutputs } from './run/outputs.ts'
import { printPaths } from './words.ts'

const formatLines = Object.entries(reportFormats).map(
  ([name, { purpose }]) => `                       ${name.padEnd(6)}${purpose}`,
)

const help = `  <run...>             folders under .weir/runs, or their names; the latest run unless given. Several are shown as a
                       trend: each number from run to run, those of two machines or loads never together
      --format NAMES   with commas or several times:
${formatLines.join('\n')}
                       unless given: what \`weir run\` writes, or what the ending of --out says
      --out PATH       a file, a folder (report.NAME in it), or - to print; the folder of the run, or .weir for several
      --open           opens it as a double click would`

export const report: Command = {
  synopsis: '[run...] [options]',
  purpose: 'Makes the reports of a run, or of several together, again from their records.',
  help,
  async run(args) {
    const parsed = readArguments(args, { format: 'list', out: 'value', open: 'flag' })
    if (parsed.flag('open') && parsed.value('out') === '-')
      throw new UserError('options --open and --out -: expected one of them, what is printed is no file to open')
    const written = await write(await readRuns(parsed.positionals), parsed)
    printPaths(written)
    if (parsed.flag('open')) await openFile(written.report ?? written.html ?? Object.values(written)[0]!)
    return exitCodes.ok
  },
}

/** @returns paths by what they are called */
async function write(runs: Run[], parsed: ParsedArguments): Promise<Record<string, string>> {
  const asked = readAsked(parsed)
  if (runs.length > 1) return await writeReports(runs, asked, resolve('.weir'))
  const dir = await findRun(parsed.positionals[0])
  const isUsual = parsed.list('format').length === 0 && parsed.value('out') === undefined
  return isUsual ? await writeOutputs(runs[0]!, dir) : await writeReports(runs, asked, dir)
}
