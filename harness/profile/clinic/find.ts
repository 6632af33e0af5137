import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { UserError } from '../../errors.ts'

/**
 * clinic's program: of the project, else of weir, else on the PATH.
 *
 * @param dir the project's folder
 * @throws UserError where it is not installed
 */
export function findClinic(dir: string): string {
  const found = resolved(join(dir, 'package.json')) ?? resolved(import.meta.url) ?? onPath()
  if (found !== null) return found
  throw new UserError(
    `clinic is not installed: npm install --save-dev clinic, or take --with cpu, which needs nothing (looked in ${dir} and on the PATH)`,
  )
}

function resolved(from: string): string | null {
  try {
    return createRequire(from).resolve('clinic/bin.js')
  } catch {
    return null
  }
}

function onPath(): string | null {
  const folder = (process.env.PATH ?? '').split(delimiter).find((each) => existsSync(join(each, 'clinic')))
  return folder === undefined ? null : realpathSync(join(folder, 'clinic'))
}
