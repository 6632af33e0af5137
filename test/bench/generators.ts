import { join } from 'node:path'
import { isInstalled } from '../../harness/target/executables.ts'
import { findK6 } from '../corpus/find-k6.ts'
import { scriptPath } from './load.ts'

/** One that makes HTTP requests as fast as it can, over one kept-alive connection a user. */
export interface Generator {
  name: string
  /** With more users it is not measured. */
  limit?: { users: number; because: string }
  /** It is stopped when it has been measured: `seconds` is more than is needed. */
  command(url: string, users: number, seconds: number): string[]
}

const root = join(import.meta.dirname, '../..')
const node = process.execPath

const known: Generator[] = [
  {
    name: 'weir',
    command: (url, users, seconds) => [
      ...[node, join(root, 'harness/cli.ts'), 'load', scriptPath('get.ts'), '--quiet'],
      ...['--generators', '1', '--vus', `${users}`, '--duration', `${seconds}s`, '--env', `URL=${url}`],
    ],
  },
  {
    name: 'autocannon',
    command: (url, users, seconds) => [
      ...[node, join(root, 'node_modules/autocannon/autocannon.js'), '--no-progress'],
      ...['--connections', `${users}`, '--duration', `${seconds}`, url],
    ],
  },
  {
    name: 'wrk',
    command: (url, users, seconds) => ['wrk', '--threads', '1', '-c', `${users}`, '-d', `${seconds}s`, url],
  },
  {
    name: 'hey',
    limit: { users: 500, because: 'it keeps no more than 500 connections' },
    command: (url, users, seconds) => ['hey', '-cpus', '1', '-c', `${users}`, '-z', `${seconds}s`, url],
  },
  {
    name: 'k6',
    limit: { users: 1000, because: 'more users take it minutes to start, and gigabytes' },
    command: (url, users, seconds) => [
      ...[findK6() ?? 'k6', 'run', '--quiet', '--no-usage-report', '--address', '127.0.0.1:0'],
      ...['--vus', `${users}`, '--duration', `${seconds}s`, '--env', `URL=${url}`, scriptPath('get.ts')],
    ],
  },
]

const isHere = ({ name }: Generator): boolean =>
  name === 'k6' ? findK6() !== null : name === 'weir' || name === 'autocannon' || isInstalled(name)

/** Those that are here and hold so many users. weir comes first. */
export const generatorsFor = (users: number): Generator[] =>
  known.filter((generator) => isHere(generator) && users <= (generator.limit?.users ?? users))

/** @returns null where it is not installed */
export const generatorNamed = (name: string): Generator | null =>
  known.find((generator) => generator.name === name && isHere(generator)) ?? null

/** One line for each that is left out with so many users. */
export const leftOut = (users: number): string[] =>
  known.flatMap((generator) => {
    const { name, limit } = generator
    if (!isHere(generator)) return [`  ${name} is not installed, and left out (${howToGet(name)})`]
    return limit && users > limit.users ? [`  ${name} is left out: ${limit.because}`] : []
  })

const howToGet = (name: string): string =>
  name === 'k6' ? 'set WEIR_K6, put it in PATH, or node test/corpus/build-k6.ts' : `Debian: apt-get install ${name}`
