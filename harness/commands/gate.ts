import { assertGiven } from '../compare/given-metrics.ts'
import { loadConfig } from '../config.ts'
import { formats } from '../gate/formats.ts'
import { judgeGate } from '../gate/result.ts'
import { terminalText } from '../gate/terminal.ts'
import type { Run, RunHeader } from '../record/schema.ts'
import { assertAllFromRun, goOnWith, type ParsedArguments, readArguments } from './arguments.ts'
import { measureComparison } from './compare/measure.ts'
import { readEndedRun } from './ended-run.ts'
import { gateOptions, readAsk } from './gate/arguments.ts'
import { filesToWrite, writeFormats } from './gate/outputs.ts'
import { warnOfPower } from './gate/power.ts'
import { endingOf, livePurpose, withLivePages } from './live/option.ts'
import type { Command } from './port.ts'
import { profileAfter } from './profile/regression.ts'
import { writeOutputs } from './run/outputs.ts'
import { printPaths } from './words.ts'
import { assertWritable } from './writable.ts'

const formatHelp = Object.entries(formats)
  .map(([name, { purpose }]) => `      ${`--${name} FILE`.padEnd(24)}${purpose}`)
  .join('\n')

const help = `  <gate>                      its name in the config; the only one there is unless given
      --base VARIANT          what the head is compared with: NAME, or NAME@DIR in the checkout DIR
      --head VARIANT          what limits are held against, and what must not be worse than the base
      --budget TIME           the longest that it may measure, such as 10m
      --seed N                repeats the random order of another run
      --strict                what is not decided fails, too
${formatHelp}
      --from RUN              measures nothing: judges that run again, from its records alone
      --resume [RUN]          goes on with a gate that was cut off; the newest of this one unless named
      --live[=PORT]           ${livePurpose}
      --profile-on-regression then profiles both sides under what regressed, see weir profile
      --config FILE           weir.config.ts unless given

Base and head run one right after the other, pair by pair, until every gate metric is decided or the budget is spent.
A limit is crossed where the median over the head's trials crosses it (of p(99): the median of each trial's p(99)); of
rates all trials together, of a counter's rate the mean, of its count the worst trial.
Where GITHUB_STEP_SUMMARY names a file, the Markdown is appended to it.
Exit codes, of several that hold the first: 105 interrupted, 104 invalid arguments, configuration or records, 1 the head
fails more often than the base, or a gate metric regressed, 99 a limit is crossed, 4 too few pairs or trials could be used
or fitted into the budget, 3 something is not decided (with --strict), 0.`

export const gate: Command = {
  synopsis: '[gate] [options]',
  purpose: 'Ends a build where a variant is worse than another, or crosses a limit.',
  help,
  async run(args, signal) {
    const parsed = readArguments(args, gateOptions)
    await assertWritable(filesToWrite(parsed))
    if (parsed.value('from') !== undefined) return await conclude(await runToJudgeAgain(parsed), parsed)
    const config = await loadConfig(parsed.value('config'))
    const ask = await readAsk(config, parsed)
    const named = `weir gate ${ask.gate?.name}`
    const { run, written } = await withLivePages(parsed.value('live'), named, async (pages) => {
      const beforeStart = (header: RunHeader) => warnOfPower(header, config.dir)
      const { run, dir } = await measureComparison(config, ask, { pages, beforeStart }, signal)
      const written = await writeOutputs(run, dir)
      pages?.ended(endingOf(run, written.report, terminalText(judgeGate(run, parsed.flag('strict')), 80)))
      return { run, written }
    })
    const exitCode = await conclude(run, parsed)
    printPaths(written)
    if (run.header.status === 'interrupted')
      console.log(`interrupted: ${goOnWith('weir gate', parsed, ['base', 'head', 'config', ...afterwards])}`)
    if (parsed.flag('profile-on-regression')) await profileAfter(config, run, signal)
    return exitCode
  },
}

/** Options of what is done with the result. */
const afterwards = ['strict', ...Object.keys(formats)]

async function runToJudgeAgain(parsed: ParsedArguments): Promise<Run> {
  assertAllFromRun(parsed, afterwards)
  const run = await readEndedRun(parsed.value('from'))
  assertGiven(run)
  return run
}

/** Prints and writes what came of it. @returns the exit code */
async function conclude(run: Run, parsed: ParsedArguments): Promise<number> {
  const result = judgeGate(run, parsed.flag('strict'))
  console.log(`\n${terminalText(result, 80)}\n`)
  await writeFormats(result, parsed)
  return result.exitCode
}
