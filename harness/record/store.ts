import { mkdir, readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, UserError } from '../errors.ts'
import type { Run, RunHeader, Scope, StoredHistogram, TrialRecord } from './schema.ts'
import { assertAlike, assertHeader, assertRecord, type ReadRecord } from './validate.ts'
import { writeWhole } from './whole-file.ts'

/** A run that is being written. */
export interface StoredRun {
  /** `<runsDir>/<id>`, with `records/` and `logs/` in it. */
  dir: string
  /** As last written. */
  header: RunHeader
}

/**
 * Makes the folder of a run and writes its header.
 *
 * @throws UserError where a run of that id is there already, or the folder cannot be made
 */
export async function createRun(header: RunHeader, runsDir: string): Promise<StoredRun> {
  const dir = join(runsDir, header.id)
  try {
    await mkdir(runsDir, { recursive: true })
    await mkdir(dir)
    await Promise.all([mkdir(join(dir, 'records')), mkdir(join(dir, 'logs'))])
  } catch (error) {
    throw new UserError(
      `run folder ${dir} cannot be made: ${messageOf(error)}. Expected a folder to write to that is not there yet`,
      undefined,
      { cause: error },
    )
  }
  await writeJson(join(dir, 'run.json'), header)
  return { dir, header }
}

/** Writes what changed in the header: the status, the end, warnings. */
export async function updateHeader(run: StoredRun, change: Partial<RunHeader>): Promise<void> {
  run.header = { ...run.header, ...change }
  await writeJson(join(run.dir, 'run.json'), run.header)
}

/**
 * Writes one trial's record, whole or not at all: when this resolves, a crash or a power cut no longer loses it.
 *
 * @returns the file's path, `records/007-turns-polling.json` in the run's folder
 */
export async function writeRecord(run: StoredRun, record: TrialRecord): Promise<string> {
  const trial = String(record.trial).padStart(3, '0')
  const file = join(run.dir, 'records', `${trial}-${safeName(record.scenario)}-${safeName(record.variant)}.json`)
  await writeJson(file, record)
  return file
}

/**
 * Moves the records of other trials than these to `left-behind/`: those of servers whose others were never measured are run
 * again, or not wanted any more, and must not count for who reads the run later.
 */
export async function leaveBehind({ dir }: StoredRun, kept: ReadonlySet<number>): Promise<void> {
  const records = join(dir, 'records')
  const left = (await namesIn(records)).filter((name) => /^\d/.test(name) && !kept.has(Number.parseInt(name, 10)))
  if (left.length === 0) return
  const behind = join(dir, 'left-behind')
  await mkdir(behind, { recursive: true })
  for (const name of left) await rename(join(records, name), join(behind, name))
}

/** Any text as a part of a file name: letters and digits of ASCII, `.`, `_` and `-`, at most 60 of them, never empty. */
export function safeName(text: string): string {
  const safe = text.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[-.]+|[-.]+$/g, '')
  return safe.slice(0, 60) || '_'
}

const writeJson = (file: string, value: unknown): Promise<void> => writeWhole(file, `${JSON.stringify(value)}\n`)

/**
 * Reads a run: its header and all records written so far, in the order of trials. What a crash left half-written is
 * passed over.
 *
 * @throws UserError that names the file that is missing, damaged, of another schema or of another run
 */
export async function readRun(dir: string): Promise<Run> {
  const header = await readHeader(dir)
  const files = (await namesIn(join(dir, 'records'))).filter((name) => name.endsWith('.json') && !name.startsWith('.'))
  const share = sharedParts()
  const read: ReadRecord[] = []
  for (let at = 0; at < files.length; at += readAtOnce) {
    const some = files.slice(at, at + readAtOnce)
    const records = await Promise.all(some.map((name) => readRecord(join(dir, 'records', name), header.id)))
    for (const each of records) share(each.record)
    read.push(...records)
  }
  assertAlike(header, read)
  return { header, records: read.map(({ record }) => record).sort((a, b) => a.trial - b.trial) }
}

/** Files of which the text is in memory at the same time. */
const readAtOnce = 16

/** Names are said hundreds of times in each of thousands of records, and times by all series: once is enough to keep. */
function sharedParts(): (record: TrialRecord) => void {
  const known = new Map<string, string>()
  const shared = <Text extends string>(text: Text): Text => {
    const first = known.get(text)
    if (first !== undefined) return first as Text
    known.set(text, text)
    return text
  }
  const shareScope = (scope: Scope): void => {
    if (scope.scenario !== undefined) scope.scenario = shared(scope.scenario)
    if (scope.phase !== undefined) scope.phase = shared(scope.phase)
  }
  const sharedTimes = recentTimes()
  return ({ observations, series, histograms }) => {
    for (const each of observations) {
      each.metric = shared(each.metric)
      each.stat = shared(each.stat)
      each.unit = shared(each.unit)
      each.better = shared(each.better)
      each.source = shared(each.source)
      shareScope(each)
    }
    for (const each of series) {
      each.metric = shared(each.metric)
      each.stat = shared(each.stat)
      each.unit = shared(each.unit)
      each.source = shared(each.source)
      shareScope(each)
      each.t = sharedTimes(each.t)
    }
    for (const each of histograms) {
      each.metric = shared(each.metric)
      each.kind = shared(each.kind)
      each.unit = shared(each.unit)
      shareScope(each)
    }
    shareData(histograms)
  }
}

/** What was observed in a phase and in its k6 scenario is one histogram twice, and histograms are two fifths of a run's memory. */
function shareData(histograms: readonly StoredHistogram[]): void {
  const known = new Map(histograms.map(({ data }) => [data, data]))
  for (const each of histograms) each.data = known.get(each.data)!
}

/** Most series of a trial have the same times, and those of the next trial have them again. */
function recentTimes(): (times: number[]) => number[] {
  const recent: number[][] = []
  return (times) => {
    const known = recent.find((each) => each.length === times.length && each.every((time, at) => time === times[at]))
    if (known) return known
    recent.unshift(times)
    recent.length = Math.min(recent.length, mostRecentTimes)
    return times
  }
}

const mostRecentTimes = 4

/**
 * The same for those who draw conclusions: a record that is there by half is told of, not passed over.
 *
 * @throws UserError as `readRun` does, and for half-written records
 */
export async function readWholeRun(dir: string): Promise<Run> {
  const names = await namesIn(join(dir, 'records'))
  // A trial that was run again has its record, whatever became of the first attempt to write it.
  const lost = names.filter((name) => isHalf(name) && !names.includes(nameOfHalf(name)))
  if (lost.length === 0) return await readRun(dir)
  throw new UserError(
    `${lost.map((name) => join(dir, 'records', name)).join(', ')}: half a record, whose writing was cut off: its trial is missing. Resume the run, so that it is run again, or delete the file to do without`,
  )
}

/** `.004-turns-mutex.json.4242.tmp` becomes `004-turns-mutex.json` once it is whole. */
const halfPattern = /^\.(.+\.json)\.\d+\.tmp$/
const isHalf = (name: string): boolean => halfPattern.test(name)
const nameOfHalf = (name: string): string => halfPattern.exec(name)![1]!

/** @throws UserError that names the file where it is missing, damaged or of another schema */
export async function readHeader(dir: string): Promise<RunHeader> {
  const file = join(dir, 'run.json')
  const header = await readJson(file)
  assertHeader(header, file)
  return header
}

async function readRecord(file: string, run: string): Promise<ReadRecord> {
  const record = await readJson(file)
  assertRecord(record, file)
  if (record.run === run) return { file, record }
  throw new UserError(
    `${file} belongs to run "${record.run}", not to "${run}": records of two runs are never mixed. Move it out of the folder`,
  )
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UserError(
      `${file} cannot be read: ${messageOf(error)}. Expected a run's folder as \`weir run\` writes it`,
    )
  })
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UserError(
      `${file} is not valid JSON (${messageOf(error)}): it was damaged after it was written. Restore it, or move it out of the folder`,
    )
  }
}

/** Runs of which the newest is looked for. */
export interface WantedRun {
  /** For the message where there is none: `comparison`, and the command that makes one. */
  kind: string
  command: string
  isOne(header: RunHeader): boolean
}

/**
 * The folder of the newest run, or of the newest that is wanted. Ids begin with the time, so the last by name is the newest.
 *
 * @throws UserError where there is none yet, or one that would have to be looked at is damaged
 */
export async function latestRun(runsDir: string, wanted?: WantedRun): Promise<string> {
  for (const name of (await namesIn(runsDir)).sort().reverse()) {
    const dir = join(runsDir, name)
    if ((await namesIn(dir)).includes('run.json') && (!wanted || wanted.isOne(await readHeader(dir)))) return dir
  }
  const { kind, command } = wanted ?? { kind: 'run', command: 'weir run' }
  throw new UserError(`there is no ${kind} in ${runsDir} yet. Start one with \`${command}\``)
}

/** Names in a folder; none where it is missing or is a file. */
async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  }
}
