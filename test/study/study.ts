/**
 * The study of the comparison: what it finds, and what it finds where nothing is.
 *
 *   npm run study -- record | analyse | simulate [options]
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { onInterrupt } from '../../harness/commands/interrupt.ts'
import { UserError } from '../../harness/errors.ts'
import { analyse } from './analyse.ts'
import { wantedBlocks } from './conditions.ts'
import { record } from './record.ts'
import { simulate } from './simulate.ts'

const usage = `npm run study -- record [--minutes N] [--blocks N] [--seed N]
                   records blocks of all conditions that are still missing (${wantedBlocks} in all unless told, since not every
                   trial can be used, and a hundred are wanted of each), and begins none after N minutes; a
                   block takes some two minutes. Writes docs/study/data/pool.json
npm run study -- analyse
                   writes docs/study/README.md and its plots from docs/study/data alone, in some two minutes
npm run study -- simulate
                   writes docs/study/simulation.md: the same statistics on made-up noise`

const docs = join(import.meta.dirname, '..', '..', 'docs', 'study')
const poolFile = join(docs, 'data', 'pool.json')

const interrupt = onInterrupt()
try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(`study: ${error instanceof UserError ? error.message : ((error as Error).stack ?? String(error))}`)
  process.exitCode = 1
} finally {
  interrupt.done()
}

async function main(args: string[]): Promise<void> {
  const { positionals, values } = read(args)
  const [command, ...rest] = positionals
  if (values.help || command === undefined) return console.log(usage)
  if (rest.length > 0) throw new UserError(`expected one of record, analyse, simulate, found also: ${rest.join(' ')}`)
  const number = (name: 'minutes' | 'blocks' | 'seed') => numberOf(name, values[name])
  if (command === 'record')
    return await record(
      {
        blocks: number('blocks') ?? wantedBlocks,
        minutes: number('minutes') ?? Infinity,
        seed: number('seed') ?? 1,
        poolFile,
      },
      interrupt.signal,
    )
  if (command === 'analyse') return await analyse(docs)
  if (command === 'simulate') return await simulate(docs)
  throw new UserError(`there is no "${command}". Expected one of record, analyse, simulate\n\n${usage}`)
}

function read(args: string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args,
      options: { minutes: text, blocks: text, seed: text, help: { type: 'boolean' } },
      allowPositionals: true,
    })
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${usage}`)
  }
}

function numberOf(name: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined
  const value = Number(given)
  if (given.trim() !== '' && value >= 0 && Number.isFinite(value)) return value
  throw new UserError(`option --${name}: expected a number of at least 0, found "${given}"`)
}
