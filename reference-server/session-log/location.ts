import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { dirname, join, parse } from 'node:path'
import { exitCannotStart, messageOf, StartError } from '../errors.ts'
import type { Context } from '../gateway/context.ts'

/** What decides where the log is. */
export interface LogPlace {
  config: Pick<Context['config'], 'sessionLogFile' | 'databaseFile' | 'databaseDir'>
  worker: Context['worker']
}

/** The file as the environment names it, or beside a database that is kept. */
const namedFile = ({ sessionLogFile, databaseFile }: LogPlace['config']): string | undefined =>
  sessionLogFile ?? (databaseFile && `${databaseFile}.sessions.json`)

/** Each worker tells of its own sessions: the second one of `log.json` does in `log-1.json`. */
const fileOfWorker = (file: string, { index, count }: LogPlace['worker']): string => {
  const { dir, name, ext } = parse(file)
  return count === 1 ? file : join(dir, `${name}-${index}${ext}`)
}

/** Where a worker's log is, and how to tidy up: a log that nobody named lives in a folder that goes with the process. */
export interface LogLocation {
  file: string
  dispose(): Promise<void>
}

/** @throws StartError naming the folder where it cannot be made */
export const prepareLocation = async ({ config, worker }: LogPlace): Promise<LogLocation> => {
  const named = namedFile(config)
  try {
    if (named) {
      await mkdir(dirname(named), { recursive: true })
      return { file: fileOfWorker(named, worker), dispose: async () => {} }
    }
    await mkdir(config.databaseDir, { recursive: true })
    const folder = await mkdtemp(join(config.databaseDir, 'gateway-log-'))
    return { file: join(folder, 'sessions.json'), dispose: () => rm(folder, { recursive: true, force: true }) }
  } catch (error) {
    const where = named ? dirname(named) : config.databaseDir
    throw new StartError(`no session log in ${where}: ${messageOf(error)}`, exitCannotStart, { cause: error })
  }
}
