import { parseArgs } from 'node:util'
import { UserError } from '../../../harness/errors.ts'
import { type GatewayPartName, gatewayPartNames } from './bench.ts'

export interface GatewayOptions {
  /** Length of one measured window. */
  seconds: number
  rounds: number
  /** Connections of the closed loop of JSON turns. */
  users: number
  /** Concurrent WebSocket sessions. */
  sessions: number
  only: readonly GatewayPartName[]
}

export const usage = `npm run bench:gateway -- [options]     (all of it takes some four minutes)
  --seconds N       length of one measured window (3)
  --rounds N        measurements of everything; the median counts (5)
  --users N         connections of the closed loop of JSON turns (100)
  --sessions N      concurrent WebSocket sessions (10000)
  --only NAME,NAME  only these parts:
                    boot        from the spawn to the first readiness
                    turns       JSON turns in a closed loop
                    tokens      the delay that the gateway adds to a token
                    streams     200 streams with a token every 5 ms each
                    interrupts  from an interrupt to the end of the call to the model
                    sessions    memory of idle WebSocket sessions, then a turn every 30 s in each`

const text = (fallback: string) => ({ type: 'string', default: fallback }) as const
const known = {
  seconds: text('3'),
  rounds: text('5'),
  users: text('100'),
  sessions: text('10000'),
  only: { type: 'string' },
} as const

/** @throws UserError */
export function readGatewayOptions(args: string[]): GatewayOptions {
  try {
    const { values } = parseArgs({ args, options: known })
    const whole = (name: 'rounds' | 'users' | 'sessions') => wholeOf(name, values[name])
    return {
      seconds: numberOf('seconds', values.seconds, 0.1),
      ...{ rounds: whole('rounds'), users: whole('users'), sessions: whole('sessions') },
      only: partsOf(values.only),
    }
  } catch (error) {
    throw error instanceof UserError ? error : new UserError(`${(error as Error).message}\n\n${usage}`)
  }
}

function partsOf(names: string | undefined): readonly GatewayPartName[] {
  if (names === undefined) return gatewayPartNames
  return names.split(',').map((name) => {
    const part = gatewayPartNames.find((each) => each === name)
    if (part) return part
    throw new UserError(`option --only: there is no part "${name}"; there are ${gatewayPartNames.join(', ')}`)
  })
}

function numberOf(name: string, given: string, least: number): number {
  const value = Number(given)
  if (given.trim() !== '' && value >= least && Number.isFinite(value)) return value
  throw new UserError(`option --${name}: expected a number of at least ${least}, found "${given}"`)
}

function wholeOf(name: string, given: string): number {
  const value = numberOf(name, given, 1)
  if (Number.isInteger(value)) return value
  throw new UserError(`option --${name}: expected a whole number, found "${given}"`)
}
