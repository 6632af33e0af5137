import { rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type CalibrationOptions, isGood, calibrate as runCalibration } from '../calibrate/calibration.ts'
import { missingPeers } from '../calibrate/peers/compare.ts'
import { controlsText, peerText, rowText, tableHeading, verdictText } from '../calibrate/table.ts'
import { messageOf, UserError } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { pinning } from '../target/pinning.ts'
import { readArguments } from './arguments.ts'
import { CalibrationProgress } from './calibrate/progress.ts'
import { typeset } from './help-text.ts'
import type { Command } from './port.ts'

export const calibrate: Command = {
  synopsis: '[options]',
  purpose: 'Shows how right the numbers are on this machine, against a server that knows when it answered.',
  help: `      --quick       half of the rows, shorter: under 30 s instead of about 2 minutes (3 where rows are driven again)
      --peers       also what k6, autocannon, wrk and hey measure of the same answers, where they are installed
      --json FILE   write everything as JSON

An oracle server answers after programmed delays (constant, uniform, bimodal, heavy-tailed, with stalls, as streams) and
logs when it really did; each number that is measured stands beside it. Two things are made wrong on purpose and must be
noticed. Exit codes: 0 all in band and noticed, 1 not.`,
  async run(args, signal) {
    const parsed = readArguments(args, { quick: 'flag', peers: 'flag', json: 'value' })
    if (parsed.positionals.length > 0)
      throw new UserError(`weir calibrate takes no arguments, found: ${parsed.positionals.join(' ')}`)
    const file = parsed.value('json')
    const report = file === undefined ? null : await ReportFile.begin(file)
    try {
      return await run(parsed.flag('quick'), parsed.flag('peers'), report, signal)
    } finally {
      await report?.discard()
    }
  },
}

async function run(
  isQuick: boolean,
  withPeers: boolean,
  report: ReportFile | null,
  signal: AbortSignal,
): Promise<number> {
  const progress = new CalibrationProgress(process.stdout)
  const options: CalibrationOptions = {
    isQuick,
    pinning: pinning(),
    withPeers,
    onStart: (start) => progress.rowStarted(start),
    onProgress: (seen) => progress.progress(seen),
    onRow: (row) => console.log(`\n${rowText(row)}`),
    onPeers: (peer) => console.log(`\n${peerText(peer)}`),
  }
  console.log(`${typeset(tableHeading())}\n${options.pinning.note.replace('target', 'oracle')}`)
  const calibration = await runCalibration(options, signal).finally(() => progress.end())
  const missing = withPeers ? missingPeers() : []
  if (missing.length > 0) console.log(`\nnot installed, so not measured: ${missing.join(', ')}`)
  console.log(`\n${controlsText(calibration.controls)}\n\n${verdictText(calibration)}`)
  await report?.finish(`${JSON.stringify(calibration, null, 2)}\n`)
  return isGood(calibration) ? exitCodes.ok : exitCodes.failed
}

/** The report of an earlier calibration stays until the new one is whole; what cannot be written is told before the load. */
class ReportFile {
  private readonly file: string
  private readonly temporary: string

  private constructor(file: string) {
    this.file = file
    this.temporary = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`)
  }

  /** @throws UserError when nothing can be written there */
  static async begin(file: string): Promise<ReportFile> {
    const report = new ReportFile(file)
    await report.attempt(() => writeFile(report.temporary, ''))
    return report
  }

  finish(text: string): Promise<void> {
    return this.attempt(async () => {
      await writeFile(this.temporary, text)
      await rename(this.temporary, this.file)
    })
  }

  /** Leaves nothing but what was finished. */
  discard(): Promise<void> {
    return rm(this.temporary, { force: true })
  }

  private async attempt(write: () => Promise<void>): Promise<void> {
    try {
      await write()
    } catch (error) {
      throw new UserError(`option --json: "${this.file}" could not be written: ${messageOf(error)}`)
    }
  }
}
