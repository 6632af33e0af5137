import { baseline } from './baseline.ts'
import { calibrate } from './calibrate.ts'
import { check } from './check.ts'
import { compare } from './compare.ts'
import { gate } from './gate.ts'
import { history } from './history.ts'
import { load } from './load.ts'
import { noise } from './noise.ts'
import type { Command } from './port.ts'
import { profile } from './profile.ts'
import { report } from './report.ts'
import { run } from './run.ts'

/** All subcommands, by name. */
export const commands = {
  run,
  compare,
  gate,
  load,
  check,
  report,
  profile,
  noise,
  history,
  baseline,
  calibrate,
} satisfies Record<string, Command>
