import { spawnSync } from 'node:child_process'
import { chmod, chown, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { exitCannotStart, messageOf, StartError } from '../errors.ts'
import type { Account } from './programs.ts'

const access = ({ uid, gid }: Account) => (uid === undefined || gid === undefined ? {} : { uid, gid })

/** Variables that PostgreSQL's programs read would lead them elsewhere. */
const environment = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PG')))

/** Options of a child process that runs as an account and speaks English, which is read here. */
export const runAs = (account: Account) => ({
  ...access(account),
  cwd: '/',
  env: { ...environment(), LC_ALL: 'C.UTF-8' },
})

const assertEntered = (folder: string, account: Account): void => {
  if (account.uid === undefined) return
  if (spawnSync('test', ['-x', folder], runAs(account)).status === 0) return
  throw new StartError(
    `${folder} is closed to the user ${account.name}; name another place with --data, or none for the system's temporary folder`,
    exitCannotStart,
  )
}

/** Where a server keeps its data. */
export interface DataFolder {
  path: string
  /** It was not there, or empty. What was there before is not ours to remove. */
  isNew: boolean
}

/** @throws StartError for a folder with something else in it, which is not to be handed over to a server */
const look = async (path: string, mark: string | undefined): Promise<DataFolder> => {
  const names = await readdir(path).catch(() => [])
  if (names.length === 0 || names.some((name) => name === mark)) return { path, isNew: names.length === 0 }
  const expected = mark === undefined ? 'an empty folder' : `an empty folder, or one with a ${mark} in it`
  throw new StartError(`--data: ${path} is not empty; expected ${expected}`)
}

/**
 * Makes a folder that belongs to an account and that nobody else reads; data of an earlier run in it stay.
 * @param path without it, a new one in the system's temporary folder
 * @param mark the file by which data of an earlier run are known; without it the folder has to be empty
 * @throws StartError where it cannot be made or used, or the account does not get to it
 */
export const ensureDataFolder = async (
  path: string | undefined,
  account: Account,
  mark: string | undefined,
): Promise<DataFolder> => {
  const given = path === undefined ? undefined : await look(resolve(path), mark)
  try {
    const folder = given ?? { path: await mkdtemp(join(tmpdir(), 'back-end-')), isNew: true }
    const made = await mkdir(folder.path, { recursive: true })
    try {
      assertEntered(dirname(folder.path), account)
    } catch (error) {
      if (made !== undefined) await removeFolder(made)
      throw error
    }
    if (account.uid !== undefined && account.gid !== undefined) await chown(folder.path, account.uid, account.gid)
    await chmod(folder.path, 0o700)
    return folder
  } catch (error) {
    throw error instanceof StartError ? error : new StartError(`--data: ${messageOf(error)}`, exitCannotStart)
  }
}

/** A helper that was just stopped may still write into it. */
export const removeFolder = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
