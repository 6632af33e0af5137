import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { messageOf, UserError } from '../../errors.ts'

/** What a file exports by default, and a hash of it with all files that it imports. */
export interface ReadFile {
  exported: unknown
  digest: string
}

/** @param file absolute path @throws UserError where it is not there, or cannot be loaded */
export async function readScenarioFile(file: string): Promise<ReadFile> {
  if (!existsSync(file)) throw new UserError(`scenario ${file} does not exist. Check the path`)
  try {
    const module = (await import(pathToFileURL(file).href)) as { default?: unknown }
    return { exported: module.default, digest: await digestOf(file) }
  } catch (error) {
    throw new UserError(`scenario ${file} could not be loaded: ${messageOf(error)}`)
  }
}

/** Packages are told apart by their names alone: what is in them is not the scenario's. */
async function digestOf(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'silent',
  })
  return createHash('sha256').update(outputFiles[0]!.text).digest('hex')
}
