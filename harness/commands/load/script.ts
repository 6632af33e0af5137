import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { messageOf, UserError } from '../../errors.ts'
import type { LoadArguments } from './arguments.ts'

/** A script that can be read from its path until it is let go. */
export interface LoadScript {
  path: string
  release(): void
}

/** @throws UserError where there is not exactly one script, or it is none that can be run */
export function openScript({ positionals, value }: LoadArguments): LoadScript {
  const [script, ...rest] = positionals
  if (script === undefined) throw new UserError('weir load needs a script: weir load <script> [options]')
  if (rest.length > 0) throw new UserError(`weir load takes one script, found also: ${rest.join(' ')}`)
  if (script === '-') return scriptFromStdin()
  if (value('type') === 'archive' || script.endsWith('.tar'))
    throw new UserError(`"${script}" is an archive of k6, which weir load does not unpack: give it the script itself`)
  const path = resolve(script)
  if (!existsSync(path)) throw new UserError(`the script "${script}" does not exist (looked for ${path})`)
  return { path, release: () => {} }
}

/** Written into the current folder for as long as it runs, since what it imports lies beside it. */
function scriptFromStdin(): LoadScript {
  const path = resolve(`.weir-stdin-${process.pid}.js`)
  try {
    writeFileSync(path, readFileSync(0), { flag: 'wx' })
  } catch (error) {
    throw new UserError(
      `the script from standard input could not be kept in the current folder while it runs: ${messageOf(error)}`,
    )
  }
  return { path, release: () => rmSync(path, { force: true }) }
}
