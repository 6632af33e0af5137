import { valuesOf } from '../compare/run-values.ts'
import { UserError } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Run, RunValues } from '../record/schema.ts'
import { readEndedRun } from './ended-run.ts'
import { errorText } from './error-text.ts'

/**
 * What is worth keeping of a run that a command line names, or of the latest.
 * @throws UserError where it does not exist, is damaged, has not ended, or has no usable number
 */
export async function valuesOfRun(name: string | undefined): Promise<RunValues> {
  const run = await readEndedRun(name)
  const { id } = run.header
  const values = valuesOf(run)
  if (values.numbers.length > 0) {
    warnOfLacks(run, values)
    return values
  }
  throw new UserError(
    `run "${id}" has no usable number: none of its ${run.records.length} trials is valid. \`weir report ${id}\` lists why`,
    exitCodes.invalidMeasurement,
  )
}

/** What is left of a scenario of which nothing else could be used, a start-up time, looks like a run like any other. */
function warnOfLacks({ header, records }: Run, { numbers }: RunValues): void {
  const { id, scenarios } = header
  // Of the steps of a search some never run.
  const ran = scenarios.filter(({ name }) => records.some(({ scenario }) => scenario === name))
  for (const { name, primary } of ran)
    if (!numbers.some((number) => number.scenario === name && number.primary))
      console.error(
        errorText(
          `warning: run "${id}" has no usable ${primary} of scenario "${name}": \`weir report ${id}\` lists why`,
        ),
      )
}
