import { loadConfig } from '../config.ts'
import type { ExitCode } from '../exit-codes.ts'
import { tools } from '../profile/table.ts'
import { readArguments } from './arguments.ts'
import type { Command } from './port.ts'
import { profileOptions, readAsk } from './profile/arguments.ts'
import { profileVariants } from './profile/profile-variants.ts'

const toolLines = Object.entries(tools).map(([name, purpose]) => `                       ${name.padEnd(8)}${purpose}`)

const help = `  <variant>            NAME, or NAME@DIR in the checkout DIR
  <scenario>           its load, once, after its warm-up
      --with TOOL      cpu unless given:
${toolLines.join('\n')}
      --against NAME   another variant, to see what the first does that this one does not (--with cpu)
      --out DIR        where profiles go; .weir/runs/<id>/profiles unless given
      --quick          short loads
      --seed N         repeats the random order of another run
      --config FILE    weir.config.ts unless given

A target that is looked into is slower: the run's numbers stand in its report, and are held against no others (compare,
gate, noise, history and baseline refuse them). clinic's three tools need \`npm install --save-dev clinic\`.
Exit codes: 0, 1 there is no profile, or every request failed, 104 invalid arguments or configuration, 105 interrupted.`

export const profile: Command = {
  synopsis: '<variant> <scenario> [options]',
  purpose: 'Shows where a variant spends its time under a load, and what another one does differently.',
  help,
  async run(args, signal): Promise<ExitCode> {
    const parsed = readArguments(args, profileOptions)
    const config = await loadConfig(parsed.value('config'))
    return await profileVariants(config, readAsk(config, parsed), process.cwd(), signal)
  },
}
