import { type LoadedConfig, loadConfig } from '../config.ts'
import { UserError } from '../errors.ts'
import type { ExitCode } from '../exit-codes.ts'
import { tools } from '../profile/table.ts'
import type { WantedRun } from '../record/store.ts'
import { type ParsedArguments, readArguments } from './arguments.ts'
import { readEndedRun } from './ended-run.ts'
import type { Command } from './port.ts'
import { profileOptions, readAsk, readSetting } from './profile/arguments.ts'
import { profileVariants } from './profile/profile-variants.ts'
import { profileRegressions } from './profile/regression.ts'

const toolLines = Object.entries(tools).map(([name, purpose]) => `                       ${name.padEnd(8)}${purpose}`)

const help = `  <variant>            NAME, or NAME@DIR in the checkout DIR
  <scenario>           its load, once, after its warm-up; NAME@RATE for one whose
                       rate a saturation searches for
      --with TOOL      cpu unless given:
${toolLines.join('\n')}
      --against NAME   another variant, to see what the first does that this one does not (--with cpu)
      --out DIR        where profiles go; .weir/runs/<id>/profiles unless given
      --on-regression [RUN]  no variant and no scenario: both sides of a comparison or gate, the latest unless named,
                       again under each scenario in which something regressed
      --quick          short loads
      --seed N         repeats the random order of another run
      --config FILE    weir.config.ts unless given

A target that is looked into is slower: the run's numbers stand in its report, and are held against no others (compare,
gate, noise, history and baseline refuse them). clinic's three tools need \`npm install --save-dev clinic\`.
Exit codes: 0, 1 there is no profile, or every request failed, 104 invalid arguments or configuration, 105 interrupted.`

export const profile: Command = {
  synopsis: '<variant> <scenario> | --on-regression [run] [options]',
  purpose: 'Shows where a variant spends its time under a load, and what another one does differently.',
  help,
  async run(args, signal): Promise<ExitCode> {
    const parsed = readArguments(args, profileOptions)
    const config = await loadConfig(parsed.value('config'))
    const run = parsed.value('on-regression')
    if (run !== undefined) return await profileRegressed(config, run, parsed, signal)
    return await profileVariants(config, readAsk(config, parsed), process.cwd(), signal)
  },
}

/** What was profiled after it has no regressions of its own. */
const comparisons: WantedRun = {
  kind: 'comparison or gate',
  command: 'weir compare',
  isOne: ({ comparison, profiled }) => comparison !== undefined && !profiled,
}

async function profileRegressed(
  config: LoadedConfig,
  run: string,
  parsed: ParsedArguments,
  signal: AbortSignal,
): Promise<ExitCode> {
  const beside = [
    ...parsed.positionals,
    ...['with', 'against'].filter((name) => parsed.given.includes(name)).map((name) => `--${name}`),
  ]
  if (beside.length > 0)
    throw new UserError(
      `option --on-regression cannot stand beside ${beside.join(', ')}: variants and scenarios are those that regressed, by the CPU profile`,
    )
  return await profileRegressions(
    config,
    await readEndedRun(run || undefined, comparisons),
    readSetting(parsed),
    signal,
  )
}
