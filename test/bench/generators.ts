import { join } from 'node:path'
import { isInstalled } from '../../harness/target/executables.ts'

/** One that makes HTTP requests as fast as it can, over one kept-alive connection a user. */
export interface Generator {
  name: string
  /** It is stopped when it has been measured: `seconds` is more than is needed. */
  command(url: string, users: number, seconds: number): string[]
}

const root = join(import.meta.dirname, '../..')
const node = process.execPath

const known: Generator[] = [
  {
    name: 'weir',
    command: (url, users, seconds) => [
      ...[node, join(root, 'harness/cli.ts'), 'load', join(root, 'test/bench/get.ts'), '--quiet'],
      ...['--vus', `${users}`, '--duration', `${seconds}s`, '--env', `URL=${url}`],
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
    command: (url, users, seconds) => ['hey', '-cpus', '1', '-c', `${users}`, '-z', `${seconds}s`, url],
  },
]

/** Those that are here. weir comes first. */
export const generators = (): Generator[] =>
  known.filter(({ name }) => name === 'weir' || name === 'autocannon' || isInstalled(name))

export const missingGenerators = (): string[] =>
  known.map(({ name }) => name).filter((name) => !generators().some((each) => each.name === name))
