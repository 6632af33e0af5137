import { basename, join } from 'node:path'
import { UserError } from '../../errors.ts'
import type { ProfileTool } from '../../record/schema.ts'

export type ClinicTool = Exclude<ProfileTool, 'cpu'>

/** Names of clinic's commands. */
export const clinicNames = {
  doctor: 'doctor',
  flame: 'flame',
  heap: 'heapprofiler',
} satisfies Record<ClinicTool, string>

/**
 * What clinic is run with: it asks nobody whether it may count its users, looks for no newer version, and keeps its settings
 * in a folder that goes with it.
 */
export const clinicEnvironment = (folder: string): Record<string, string> => ({
  NO_INSIGHT: '1',
  NO_UPDATE_NOTIFIER: '1',
  XDG_CONFIG_HOME: join(folder, 'config'),
})

/**
 * clinic gives its options to `node` itself.
 *
 * @param command with placeholders @throws UserError where it does not begin with `node`
 */
export function assertNodeCommand(variant: string, [program = '']: readonly string[]): void {
  if (program === '{node}' || /^node(\.exe)?$/.test(basename(program))) return
  throw new UserError(
    `variant "${variant}" is started by "${program}": clinic takes only commands that begin with node. Name the script itself, or take --with cpu`,
  )
}
