import { writeFile } from 'node:fs/promises'
import { type CalibrationOptions, isGood, calibrate as runCalibration } from '../calibrate/calibration.ts'
import { missingPeers } from '../calibrate/peers/compare.ts'
import { controlsText, peerText, rowText, tableHeading, verdictText } from '../calibrate/table.ts'
import { messageOf, UserError } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { pinning } from '../target/pinning.ts'
import { readArguments } from './arguments.ts'
import type { Command } from './port.ts'

export const calibrate: Command = {
  synopsis: '[options]',
  purpose: 'Shows how right the numbers are on this machine, against a server that knows when it answered.',
  help: `      --quick       half of the rows, shorter: under 30 s instead of 3 minutes
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
    if (file !== undefined) await write(file, '')
    const options: CalibrationOptions = {
      isQuick: parsed.flag('quick'),
      pinning: pinning(),
      withPeers: parsed.flag('peers'),
      onRow: (report) => console.log(`\n${rowText(report)}`),
      onPeers: (report) => console.log(`\n${peerText(report)}`),
    }
    console.log(`${tableHeading()}\n${options.pinning.note.replace('target', 'oracle')}`)
    const calibration = await runCalibration(options, signal)
    const missing = options.withPeers ? missingPeers() : []
    if (missing.length > 0) console.log(`\nnot installed, so not measured: ${missing.join(', ')}`)
    console.log(`\n${controlsText(calibration.controls)}\n\n${verdictText(calibration)}`)
    if (file !== undefined) await write(file, `${JSON.stringify(calibration, null, 2)}\n`)
    return isGood(calibration) ? exitCodes.ok : exitCodes.failed
  },
}

/** Once empty before the load, which is long, and once after it. */
async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text)
  } catch (error) {
    throw new UserError(`option --json: "${file}" could not be written: ${messageOf(error)}`)
  }
}
