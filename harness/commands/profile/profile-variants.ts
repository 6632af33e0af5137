import { join } from 'node:path'
import { plain } from '../../compare/columns.ts'
import type { LoadedConfig } from '../../config.ts'
import { type ExitCode, exitCodes } from '../../exit-codes.ts'
import type { Run, TrialRecord } from '../../record/schema.ts'
import { updateHeader } from '../../record/store.ts'
import { errorText } from '../error-text.ts'
import { writeOutputs } from '../run/outputs.ts'
import { printPaths } from '../words.ts'
import { type ProfileAsk, withProfiled } from './arguments.ts'
import { meansOf } from './means.ts'
import { measureProfiled } from './measure.ts'

/**
 * The story of a profile: one trial of each variant with the profiler on, pages of what it took, and the run's report with
 * links to them.
 *
 * @param from what a relative checkout is relative to
 */
export async function profileVariants(
  config: LoadedConfig,
  ask: ProfileAsk,
  from: string,
  signal: AbortSignal,
): Promise<ExitCode> {
  const whole = withProfiled(config, ask, from)
  const means = await meansOf(whole, ask)
  const { run, dir } = await measureProfiled(whole, ask, means.profiler, signal)
  const { text, pages, problems } = await means.pagesOf(run, dir, signal)
  const stored = { dir, header: run.header }
  await updateHeader(stored, { profiled: { tool: ask.tool, pages, problems } })
  const written = await writeOutputs({ ...run, header: stored.header }, dir)
  if (text !== '') console.log(`\n${text}\n`)
  const faults = [...problems, ...faultsOf(run)]
  for (const fault of faults) console.error(errorText(plain(fault)))
  printPaths({ ...Object.fromEntries(pages.map(({ title, path }) => [title, join(dir, path)])), ...written })
  if (run.header.status === 'interrupted') return exitCodes.interrupted
  const isMissing = pages.length === 0 || run.records.some(({ profile }) => (profile?.files.length ?? 0) === 0)
  return isMissing || faultsOf(run).length > 0 ? exitCodes.failed : exitCodes.ok
}

/** What makes a profile one of something else than the load. */
const faultsOf = ({ records }: Run): string[] =>
  records.flatMap((record) => {
    const { failure, variant } = record
    if (failure) return [`variant "${variant}": ${failure.message}`]
    if (!failsAlways(record)) return []
    return [`variant "${variant}" failed every request: its profile shows how it fails, and not how it works`]
  })

const failsAlways = ({ observations }: TrialRecord): boolean =>
  observations.some(
    ({ metric, stat, value, scenario, phase }) =>
      metric === 'http_req_failed' && stat === 'rate' && value === 1 && scenario === undefined && phase === undefined,
  )
