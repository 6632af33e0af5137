import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exitCannotStart, messageOf, StartError } from '../errors.ts'
import type { Place } from './back-end.ts'
import { removeFolder, runAs } from './data-folder.ts'

const initOptions = ['--username=postgres', '--auth=reject', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync']
const access = 'host all gateway 127.0.0.1/32 trust\n'
/** Every cluster has it. */
export const clusterMark = 'PG_VERSION'
/** One a line: the server in single-user mode reads them so. */
const statements = 'CREATE ROLE gateway LOGIN CREATEDB\nCREATE DATABASE gateway OWNER gateway\n'

/**
 * Fills the data folder with a cluster unless one is there.
 * @throws StartError with what PostgreSQL said
 */
export const prepareCluster = async (place: Place): Promise<void> => {
  if (existsSync(join(place.data, clusterMark))) return
  try {
    if (place.template === undefined) await makeCluster(place)
    else await copyCluster(place, place.template)
  } catch (error) {
    if (place.stop.aborted) throw error
    throw new StartError(`no cluster could be made in ${place.data}: ${messageOf(error)}`, exitCannotStart)
  }
}

const makeCluster = async (place: Place): Promise<void> => {
  const { data } = place
  await run(place, 'initdb', ['-D', data, ...initOptions])
  const said = await run(place, 'postgres', ['--single', '-D', data, 'postgres'], statements)
  // It goes on after an error and ends with 0.
  if (/ERROR|FATAL/.test(said)) throw new Error(said)
  await writeFile(join(data, 'pg_hba.conf'), access)
}

/** A template is of the version whose name it has; it appears whole, whoever else makes one at the same time. */
const copyCluster = async (place: Place, templates: string): Promise<void> => {
  const [version = ''] = (await run(place, 'postgres', ['--version'])).match(/\d+/) ?? []
  const template = join(templates, version)
  if (existsSync(template)) return copy(template, place.data, place.stop)
  await makeCluster(place)
  await mkdir(templates, { recursive: true })
  const unnamed = join(templates, randomUUID())
  try {
    await copy(place.data, unnamed, place.stop)
    await rename(unnamed, template)
  } catch (error) {
    if (!existsSync(template)) throw error
  } finally {
    await removeFolder(unnamed)
  }
}

/** Content, owners and modes; the target may be there. */
const copy = (from: string, to: string, stop: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    execFile('cp', ['-a', '-T', from, to], { signal: stop }, (error) => (error ? reject(error) : resolve()))
  })

/** Runs a program of PostgreSQL's as its user. @returns all that it printed */
const run = ({ programs, account, stop }: Place, file: string, args: string[], input = ''): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = { ...runAs(account), signal: stop }
    const child = execFile(join(programs, file), args, options, (error, stdout, stderr) =>
      error ? reject(error) : resolve(stdout + stderr),
    )
    child.stdin?.end(input)
  })
