import { writeFile } from 'node:fs/promises'
import { plain } from '../compare/columns.ts'
import { comparisonFile } from '../compare/comparison-file.ts'
import { assertGiven } from '../compare/given-metrics.ts'
import { measurementFaults } from '../compare/measurement-faults.ts'
import { loadConfig } from '../config.ts'
import { messageOf, UserError } from '../errors.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import type { Run } from '../record/schema.ts'
import { assertAllFromRun, goOnWith, type ParsedArguments, readArguments } from './arguments.ts'
import { compareOptions, readAsk } from './compare/arguments.ts'
import { measureComparison } from './compare/measure.ts'
import { readEndedRun } from './ended-run.ts'
import { errorText } from './error-text.ts'
import { endingOf, livePurpose, withLivePages } from './live/option.ts'
import type { Command } from './port.ts'
import { profileAfter } from './profile/regression.ts'
import { printedTable, writeOutputs } from './run/outputs.ts'
import { printPaths } from './words.ts'
import { assertWritable } from './writable.ts'

const help = `  <A> <B>             variants: B is compared with A. NAME@DIR is NAME in the checkout DIR: weir compare app@../base app
      --scenario NAMES  commas or several times; the first that has "pairs" in the config unless given; NAME@RATE
                        for one whose rate a saturation searches for
      --metric METRIC   "http_req_duration{scenario:paced} p(99)": gets a verdict; several times, at most 3 a scenario;
                        unless given the steadiest of what an operation costs (instructions or CPU), and the primary one
      --margin PERCENT  only a change that surely exceeds it counts; 1% unless given, 0% finds the smallest there is to find
      --budget TIME     the longest that it may measure; 5m unless given
      --pairs N         the most pairs that count, 10 to 80; of two or three metrics at least 11
      --seed N          repeats the random order of another run
      --json FILE       estimates, intervals and verdicts for programs
      --from RUN        measures nothing: verdicts of that run, from its records alone
      --resume [RUN]    goes on with a comparison that was cut off; the newest of these two variants unless named
      --live[=PORT]     ${livePurpose}
      --profile-on-regression  then profiles both sides under what regressed, see weir profile
      --config FILE     weir.config.ts unless given

Both sides run one right after the other, pair by pair, each with fresh processes, until every metric is decided or the
budget is spent, or none of the first five pairs can be used. Records, logs and report.html are under .weir/runs/<id>/.
Exit codes, of several that hold the first: 105 interrupted (what was finished is kept), 104 invalid arguments,
configuration or records, 1 something regressed, 4 of something too few pairs could be used or fitted in, 0.`

export const compare: Command = {
  synopsis: '<A> <B> [options]',
  purpose: 'Compares two variants pair by pair until it is clear whether they differ.',
  help,
  async run(args, signal) {
    const parsed = readArguments(args, compareOptions)
    const json = parsed.value('json')
    await assertWritable(json === undefined ? [] : [{ option: 'json', file: json }])
    if (parsed.value('from') !== undefined) return await compareAgain(parsed)
    const config = await loadConfig(parsed.value('config'))
    const ask = await readAsk(config, parsed)
    const named = `weir compare ${ask.against} ${ask.variant}`
    const { run, written } = await withLivePages(parsed.value('live'), named, async (pages) => {
      const { run, dir } = await measureComparison(config, ask, { pages }, signal)
      const written = await writeOutputs(run, dir)
      pages?.ended(endingOf(run, written.report))
      return { run, written }
    })
    await tell(run, json)
    printPaths(written)
    if (run.header.status === 'interrupted')
      console.log(`interrupted: ${goOnWith('weir compare', parsed, ['json', 'config'])}`)
    if (parsed.flag('profile-on-regression')) await profileAfter(config, run, signal)
    return exitCodeOf(run)
  },
}

/** What another run measured, judged again. */
async function compareAgain(parsed: ParsedArguments): Promise<ExitCode> {
  assertAllFromRun(parsed, ['json'])
  const run = await readEndedRun(parsed.value('from'))
  assertGiven(run)
  await tell(run, parsed.value('json'))
  return exitCodeOf(run)
}

/** Prints the table, with what is wrong with the measurement, and writes what programs read. */
async function tell(run: Run, json: string | undefined): Promise<void> {
  const file = comparisonFile(run)
  console.log(`\n${printedTable(run)}`)
  for (const fault of measurementFaults(run, file.comparisons))
    console.error(errorText(`invalid measurement: ${plain(fault)}`))
  if (json === undefined) return
  try {
    await writeFile(json, `${JSON.stringify(file, null, 2)}\n`)
  } catch (error) {
    throw new UserError(`option --json: ${json} cannot be written: ${messageOf(error)}`)
  }
}

/** What was interrupted ends as such, whenever it is judged: later pairs might have said something else. */
function exitCodeOf(run: Run): ExitCode {
  if (run.header.status === 'interrupted') return exitCodes.interrupted
  const { comparisons } = comparisonFile(run)
  if (comparisons.some(({ verdict }) => verdict === 'regressed')) return exitCodes.failed
  return measurementFaults(run, comparisons).length > 0 ? exitCodes.invalidMeasurement : exitCodes.ok
}
