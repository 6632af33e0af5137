import { spawnSync } from 'node:child_process'
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises'
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

/**
 * Makes a folder that belongs to an account and that nobody else reads; what is in it stays.
 * @param path without it, a new one in the system's temporary folder
 * @throws StartError where it cannot be made, or the account does not get to it
 */
export const ensureDataFolder = async (path: string | undefined, account: Account): Promise<string> => {
  try {
    const folder = path === undefined ? await mkdtemp(join(tmpdir(), 'back-end-')) : resolve(path)
    await mkdir(folder, { recursive: true })
    if (account.uid !== undefined && account.gid !== undefined) await chown(folder, account.uid, account.gid)
    await chmod(folder, 0o700)
    assertEntered(dirname(folder), account)
    return folder
  } catch (error) {
    throw error instanceof StartError ? error : new StartError(`--data: ${messageOf(error)}`, exitCannotStart)
  }
}

export const removeFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true })
