import { parseArgs } from 'node:util'
import { UserError } from '../../harness/errors.ts'

export interface BenchOptions {
  /** Length of one measured window. */
  seconds: number
  rounds: number
  /** Numbers of concurrent users, each measured on its own. */
  users: number[]
  /** Concurrent WebSocket sessions; 0: leave that part out. */
  sessions: number
}

export const usage = `npm run bench:engine -- [options]
  --seconds N    length of one measurement (4)
  --rounds N     measurements of each generator; the median counts (3)
  --users N,N    concurrent users (100,10000)
  --sessions N   concurrent WebSocket sessions, 0 for none (10000)`

/** @throws UserError */
export function readOptions(args: string[]): BenchOptions {
  const option = (fallback: string) => ({ type: 'string', default: fallback }) as const
  const options = { seconds: option('4'), rounds: option('3'), users: option('100,10000'), sessions: option('10000') }
  try {
    const { values } = parseArgs({ args, options })
    return {
      seconds: numberOf('seconds', values.seconds, 0.1),
      rounds: numberOf('rounds', values.rounds, 1),
      users: values.users.split(',').map((text) => numberOf('users', text, 1)),
      sessions: numberOf('sessions', values.sessions, 0),
    }
  } catch (error) {
    throw error instanceof UserError ? error : new UserError(`${(error as Error).message}\n\n${usage}`)
  }
}

function numberOf(name: string, text: string, least: number): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= least && Number.isFinite(value)) return value
  throw new UserError(`option --${name}: expected a number of at least ${least}, found "${text}"`)
}
