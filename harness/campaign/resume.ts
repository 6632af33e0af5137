import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../errors.ts'
import type { Run, RunHeader, TrialRecord } from '../record/schema.ts'
import { readHeader, readRun, type StoredRun, updateHeader } from '../record/store.ts'
import { isAlive } from '../target/process-tree.ts'
import { writer } from './header.ts'
import type { ResumableRun } from './request.ts'
import type { Step } from './steps.ts'

/**
 * The run to go on with: the one of that id, else the newest of the campaign that was cut off, be it by Ctrl-C or by
 * SIGKILL. Without the pairs, of a comparison or a cross-check, of which just one side is there: they are run again.
 *
 * @param isWanted which of them may be the newest; any unless given
 * @throws UserError where there is none, where it is of another campaign, or finished, or still going on
 */
export async function findResumable(
  runsDir: string,
  campaign: string,
  id: string | null,
  isWanted: (header: RunHeader) => boolean = () => true,
): Promise<ResumableRun> {
  const dir = join(runsDir, id ?? (await newestCutOff(runsDir, campaign, isWanted)))
  const run = await readRun(dir)
  assertResumable(run.header, campaign)
  return { header: run.header, records: withoutHalfPairs(run), dir }
}

/** The two sides of a pair must be adjacent in time, or what changed meanwhile is taken for a difference. */
function withoutHalfPairs({ header, records }: Run): TrialRecord[] {
  const pairs = Map.groupBy(records, pairNames(header))
  const half = new Set([...pairs].flatMap(([name, sides]) => (name === null || sides.length === 2 ? [] : sides)))
  return records.filter((record) => !half.has(record))
}

/** What the two sides of a pair have in common; null for a record that is in none. Those of a cross-check are two scenarios. */
function pairNames({ comparison, scenarios }: RunHeader): (record: TrialRecord) => string | null {
  if (comparison) return ({ scenario, key }) => `${key.pair} ${scenario}`
  const checks = new Set(scenarios.filter(({ step }) => step?.kind === 'check').map(({ name }) => name))
  return ({ scenario, key }) => (checks.has(scenario) ? `${key.pair}` : null)
}

async function newestCutOff(
  runsDir: string,
  campaign: string,
  isWanted: (header: RunHeader) => boolean,
): Promise<string> {
  const ids = (await readdir(runsDir).catch(() => [])).sort().reverse()
  for (const id of ids) {
    const header = await readHeader(join(runsDir, id)).catch(() => null)
    if (header?.campaign === campaign && header.status !== 'finished' && isWanted(header)) return id
  }
  throw new UserError(
    `there is no run of campaign "${campaign}" in ${runsDir} that was cut off. Start one without --resume`,
  )
}

function assertResumable({ id, campaign: own, status, writer, plan }: RunHeader, campaign: string): void {
  if (own !== campaign) throw new UserError(`run "${id}" is of campaign "${own}": weir run ${own} --resume ${id}`)
  if (status === 'finished') throw new UserError(`run "${id}" is finished: there is nothing to resume`)
  if (!plan) throw new UserError(`run "${id}" is of an older weir, which did not note what it was planned from`)
  if (status === 'running' && writer && isAlive(writer))
    throw new UserError(`run "${id}" is still going on (process ${writer.pid}): wait for it, or end it with Ctrl-C`)
}

/** Takes a run over. In the middle of a block what is adjacent no longer is so in time, and the header says so. */
export async function takeUp({ dir, header, records }: ResumableRun): Promise<StoredRun> {
  const stored: StoredRun = { dir, header }
  const now = new Date().toISOString()
  const warning = `The run was cut off after ${records.length} trials and resumed at ${now.slice(0, 19)}Z: ${meaningOf(header)}.`
  await updateHeader(stored, {
    status: 'running',
    finishedAt: null,
    warnings: [...header.warnings, warning],
    ...(header.comparison ? { comparison: { ...header.comparison, ended: null } } : {}),
    ...writer(),
  })
  return stored
}

function meaningOf({ comparison, saturation }: RunHeader): string {
  const anew = 'of which just one side had been measured was begun anew'
  if (comparison) return `a pair ${anew}`
  const apart = 'trials before and behind that are further apart in time than others of their block'
  return saturation?.crossCheck ? `${apart}, and a pair of the cross-check ${anew}` : apart
}

/** Servers that take turns are measured together or not at all: without the records of those whose others have none. */
export function withoutHalfSteps(records: readonly TrialRecord[], steps: readonly Step[]): TrialRecord[] {
  const there = new Set(records.map(({ trial }) => trial))
  const half = steps.filter((step) => !step.every(({ number }) => there.has(number)))
  const dropped = new Set(half.flatMap((step) => step.map(({ number }) => number)))
  return records.filter(({ trial }) => !dropped.has(trial))
}

/** Trials whose record is there, whole: only a complete file bears a record's name. */
export const doneTrials = ({ records }: Pick<Run, 'records'>): Set<number> => new Set(records.map(({ trial }) => trial))
