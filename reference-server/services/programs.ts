import { accessSync, constants, globSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { StartError } from '../errors.ts'

/** EX_UNAVAILABLE of sysexits(3): a program that this one needs is not installed. */
export const exitNotInstalled = 69

/** A program of the system's, found by one or more of its files, which have to lie in one folder. */
export interface Program {
  name: string
  files: readonly string[]
  /** Where to look besides PATH; of several the last in the order of version numbers comes first. */
  folders?: string
  /** What to say to whoever does not have it. */
  install: string
}

/** Debian keeps the server's programs out of PATH, one folder for each version. */
export const postgres: Program = {
  name: 'postgres',
  files: ['postgres', 'initdb'],
  folders: '/usr/lib/postgresql/*/bin',
  install: 'apt-get install postgresql',
}

export const redis: Program = { name: 'redis-server', files: ['redis-server'], install: 'apt-get install redis-server' }

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The folder that a program lies in; undefined where it is not installed. */
export const folderOf = ({ files, folders }: Program): string | undefined => {
  const versions = folders ? globSync(folders).sort((a, b) => b.localeCompare(a, 'en', { numeric: true })) : []
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return [...versions, ...path].find((folder) => files.every((file) => isExecutable(join(folder, file))))
}

export const notInstalled = ({ name, install }: Program): string => `${name} is not installed (Debian: ${install})`

/** @throws StartError with code 69 where the program is not installed */
export const requireFolderOf = (program: Program): string => {
  const folder = folderOf(program)
  if (folder === undefined) throw new StartError(notInstalled(program), exitNotInstalled)
  return folder
}

/** Whom a process runs as; without ids as whoever starts it. */
export interface Account {
  name?: string
  uid?: number
  gid?: number
}

/**
 * The first of these users that the system has, for a program that is not to run as root.
 * @returns an account without ids where this process is not root's
 */
export const accountOf = (names: readonly string[]): Account => {
  if (process.getuid?.() !== 0) return {}
  const users = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of names) {
    const [, , uid, gid] = users.find((user) => user.startsWith(`${name}:`))?.split(':') ?? []
    if (uid !== undefined) return { name, uid: Number(uid), gid: Number(gid) }
  }
  throw new StartError(`none of the users ${names.join(', ')} exists; start this as another user than root`)
}
