import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Whether a program of this name can be run, by looking through PATH and the given folders. */
export function isInstalled(program: string, folders: readonly string[] = []): boolean {
  return [...(process.env.PATH ?? '').split(delimiter), ...folders].some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
