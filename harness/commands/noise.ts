import { basename, dirname, join } from 'node:path'
import { isNoiseFound, noiseOf } from '../compare/noise.ts'
import { formatNoise } from '../compare/noise-table.ts'
import { type LoadedConfig, loadConfig } from '../config.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { addNoise, noiseFile } from '../record/noise.ts'
import type { Run } from '../record/schema.ts'
import { assertAllFromRun, type ParsedArguments, readArguments } from './arguments.ts'
import { measureComparison } from './compare/measure.ts'
import { readEndedRun } from './ended-run.ts'
import { findRun } from './find-run.ts'
import { endingOf, livePurpose, withLivePages } from './live/option.ts'
import { noiseOptions, readNoiseAsk } from './noise/ask.ts'
import type { Command } from './port.ts'
import { writeOutputs } from './run/outputs.ts'
import { shownPath } from './words.ts'

const help = `  <variant>             the baseline of the campaign "main" unless given
      --scenario NAMES  commas or several times; the first that has "pairs" in the config unless given
      --pairs N         so many usable pairs of each scenario; 20 unless given
      --budget TIME     the longest that it may measure; 2h unless given
      --seed N          repeats the random order of another run
      --from RUN        measures nothing: takes what an earlier run of this command measured
      --live[=PORT]     ${livePurpose}
      --config FILE     weir.config.ts unless given

Runs a variant against itself, pair by pair, as weir compare runs two. What differs is noise: it is kept under
.weir/noise/<machine>.json, all runs of a load on a machine together, and says how many pairs it takes to find an effect.
Exit codes: 0, 4 in a scenario nothing that is judged has two usable pairs, 104 invalid arguments, configuration or records,
105 interrupted (what was finished counts).`

export const noise: Command = {
  synopsis: '[variant] [options]',
  purpose: 'Measures how much numbers differ where nothing changed, and so what it takes to find an effect.',
  help,
  async run(args, signal) {
    const parsed = readArguments(args, noiseOptions)
    const from = parsed.value('from')
    if (from !== undefined) return await keep(await readAgain(parsed, from), await stateDirOf(from))
    const config = await loadConfig(parsed.value('config'))
    const run = await measure(config, parsed, signal)
    const exitCode = await keep(run, join(config.dir, '.weir'))
    return run.header.status === 'interrupted' ? exitCodes.interrupted : exitCode
  },
}

async function measure(config: LoadedConfig, parsed: ParsedArguments, signal: AbortSignal): Promise<Run> {
  const { config: withItself, ask } = readNoiseAsk(config, parsed)
  const { run, report } = await withLivePages(parsed.value('live'), `weir noise ${ask.against}`, async (pages) => {
    const { run, dir } = await measureComparison(withItself, ask, { pages }, signal)
    const { report } = await writeOutputs(run, dir)
    pages?.ended(endingOf(run, report))
    return { run, report }
  })
  if (report !== undefined) console.log(`\nreport: ${shownPath(report)}`)
  return run
}

async function readAgain(parsed: ParsedArguments, from: string): Promise<Run> {
  assertAllFromRun(parsed, [])
  return await readEndedRun(from)
}

/** Where the run lies, for that is where a gate of its config looks; a run that was copied elsewhere is of here. */
async function stateDirOf(run: string): Promise<string> {
  const stateDir = dirname(dirname(await findRun(run)))
  return basename(stateDir) === '.weir' ? stateDir : '.weir'
}

/** What a run says is kept, and printed together with what earlier ones said. */
async function keep(run: Run, stateDir: string): Promise<ExitCode> {
  const { fingerprint } = run.header.environment
  const samples = noiseOf(run)
  const floors = await addNoise(stateDir, fingerprint, samples)
  console.log(`\n${formatNoise(run, floors, { width: 80 })}`)
  console.log(`noise: ${shownPath(noiseFile(stateDir, fingerprint))}`)
  return isNoiseFound(run, samples) ? exitCodes.ok : exitCodes.invalidMeasurement
}
