import { relative } from 'node:path'
import { UserError } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { readRun } from '../record/store.ts'
import { readArguments } from './arguments.ts'
import { findRun } from './find-run.ts'
import type { Command } from './port.ts'
import { writeOutputs } from './run/outputs.ts'

export const report: Command = {
  synopsis: '[run]',
  purpose: 'Makes table and report of a run again from its records.',
  help: '  <run>    a folder under .weir/runs, or its name; the latest run unless given',
  async run(args) {
    const { positionals } = readArguments(args, {})
    if (positionals.length > 1)
      throw new UserError(`weir report takes one run, found also: ${positionals.slice(1).join(' ')}`)
    const dir = await findRun(positionals[0])
    const written = await writeOutputs(await readRun(dir), dir)
    for (const [what, path] of Object.entries(written)) console.log(`${what}: ${relative(process.cwd(), path) || path}`)
    return exitCodes.ok
  },
}
