import { parseArgs } from 'node:util'
import { UserError } from '../../../harness/errors.ts'

export interface SlicesOptions {
  /** Of each mode. */
  pairs: number
  /** Measured load of each side of a pair. */
  seconds: number
  /** Of each slice. */
  lengthMs: number
  seed: number
}

export const usage = `npm run bench:slices -- [options]     (all of it takes some twenty minutes)
  --pairs N      pairs of a server with itself, in each of the two ways (20)
  --seconds N    load of each side of a pair (10)
  --length N     ms of a slice (50)
  --seed N       of the order of sides and slices (1)`

const known = {
  pairs: { type: 'string', default: '20' },
  seconds: { type: 'string', default: '10' },
  length: { type: 'string', default: '50' },
  seed: { type: 'string', default: '1' },
} as const

/** @throws UserError */
export function readSlicesOptions(args: string[]): SlicesOptions {
  try {
    const { values } = parseArgs({ args, options: known })
    return {
      pairs: wholeOf('pairs', values.pairs, 2),
      seconds: wholeOf('seconds', values.seconds, 2),
      lengthMs: wholeOf('length', values.length, 20),
      seed: wholeOf('seed', values.seed, 1),
    }
  } catch (error) {
    throw error instanceof UserError ? error : new UserError(`${(error as Error).message}\n\n${usage}`)
  }
}

function wholeOf(name: string, given: string, least: number): number {
  const value = Number(given)
  if (Number.isInteger(value) && value >= least) return value
  throw new UserError(`option --${name}: expected a whole number of at least ${least}, found "${given}"`)
}
