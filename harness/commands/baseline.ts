import { resolve } from 'node:path'
import { compareWithBaseline } from '../compare/baseline.ts'
import { formatBaselineTable } from '../compare/baseline-table.ts'
import { UserError, unknownName } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { baselineFile, readBaseline, writeBaseline } from '../record/baseline.ts'
import { readArguments } from './arguments.ts'
import type { Command } from './port.ts'
import { valuesOfRun } from './values-of-run.ts'
import { shownPath } from './words.ts'

const help = `  save             keeps what a run measured, to hold later runs against it
  compare          holds a run against what was kept: says what differs, never that it regressed
  <name>           of the baseline; "main" unless given
      --from RUN   a folder under .weir/runs, or its name; the latest run unless given
      --file FILE  where the baseline is, to commit it; .weir/baselines/<name>.json unless given

For those who cannot measure both sides in one job. Two runs of two times differ by more than the code: weir compare
measures both sides pair by pair, and can tell. Where the machine is another, nothing is judged.
Exit codes: 0 whatever differs, 4 the run has no usable number, 104 invalid arguments or files.`

interface Asked {
  name: string
  file: string
  from: string | undefined
}

export const baseline: Command = {
  synopsis: 'save|compare [name] [options]',
  purpose: 'Keeps what a run measured, and says what differs in a later one.',
  help,
  async run(args) {
    const parsed = readArguments(args, { from: 'value', file: 'value' })
    const [action, name = 'main', ...rest] = parsed.positionals
    const act = actions[action as keyof typeof actions]
    if (!act || !Object.hasOwn(actions, action!)) throw unknownName('action', action ?? '', Object.keys(actions))
    if (rest.length > 0) throw new UserError(`weir baseline takes one name, found also: ${rest.join(' ')}`)
    const file = resolve(parsed.value('file') ?? baselineFile('.weir', name))
    await act({ name, file, from: parsed.value('from') })
    return exitCodes.ok
  },
}

const actions = { save, compare }

async function save({ file, from }: Asked): Promise<void> {
  const values = await valuesOfRun(from)
  await writeBaseline(file, values)
  console.log(
    `${shownPath(file)}: ${values.numbers.length} numbers of run ${values.run}, machine ${values.machine.fingerprint}`,
  )
}

async function compare({ name, file, from }: Asked): Promise<void> {
  const before = await readBaseline(file)
  const now = await valuesOfRun(from)
  const comparison = compareWithBaseline(before, now)
  process.stdout.write(formatBaselineTable(comparison, { name, before, now }, { width: 80 }))
}
