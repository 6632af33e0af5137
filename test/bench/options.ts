import { parseArgs } from 'node:util'
import { UserError } from '../../harness/errors.ts'
import { type PartName, partNames } from './bench.ts'

export interface BenchOptions {
  /** Length of one measured window. */
  seconds: number
  rounds: number
  /** Numbers of concurrent users, each measured on its own. */
  users: number[]
  /** Concurrent users of the comparison with k6's memory. */
  k6Users: number
  /** Iterations a second that shall be started, and for how long. */
  rate: number
  rateSeconds: number
  /** Concurrent WebSocket sessions. */
  sessions: number
  /** Concurrent event streams. */
  streams: number
  /** Which parts; all but the soak unless named. */
  only: PartName[]
  soakSeconds: number
}

export const usage = `npm run bench:engine -- [options]     (all of it takes some six minutes)
  --seconds N       length of one measured window (1.5)
  --rounds N        measurements of everything; the median counts (5)
  --users N,N       concurrent users (100,10000)
  --k6-users N      concurrent users beside k6, where memory is compared (1000)
  --rate N          arrivals a second (10000)
  --rate-seconds N  for so long (10)
  --sessions N      concurrent WebSocket sessions (10000)
  --streams N       concurrent event streams (5000)
  --only NAME,NAME  only these parts:
                    requests    http.get in a loop beside other generators
                    users       how long many users take to connect, and their memory
                    k6          the memory of a user beside that of k6
                    arrivals    a constant arrival rate
                    websockets  memory and CPU of open WebSocket sessions
                    streams     memory and CPU of open event streams
  --soak [TIME]     only this: full rate for so long, and whether memory grows (10m)`

const text = (fallback: string) => ({ type: 'string', default: fallback }) as const
const known = {
  seconds: text('1.5'),
  rounds: text('5'),
  users: text('100,10000'),
  'k6-users': text('1000'),
  rate: text('10000'),
  'rate-seconds': text('10'),
  sessions: text('10000'),
  streams: text('5000'),
  only: { type: 'string' },
  soak: { type: 'string' },
} as const

/** @throws UserError */
export function readOptions(args: string[]): BenchOptions {
  try {
    const { values } = parseArgs({ args: withSoakTime(args), options: known })
    const whole = (name: 'rounds' | 'k6-users' | 'rate' | 'sessions' | 'streams') => wholeOf(name, values[name])
    return {
      seconds: numberOf('seconds', values.seconds, 0.1),
      rounds: whole('rounds'),
      users: values.users.split(',').map((each) => wholeOf('users', each)),
      k6Users: whole('k6-users'),
      rate: whole('rate'),
      rateSeconds: numberOf('rate-seconds', values['rate-seconds'], 0.1),
      sessions: whole('sessions'),
      streams: whole('streams'),
      only: values.soak !== undefined ? ['soak'] : partsOf(values.only),
      soakSeconds: secondsOf(values.soak ?? '10m'),
    }
  } catch (error) {
    throw error instanceof UserError ? error : new UserError(`${(error as Error).message}\n\n${usage}`)
  }
}

/** `--soak` may stand alone, which parseArgs does not know. */
const withSoakTime = (args: string[]): string[] =>
  args.flatMap((arg, at) => (arg === '--soak' && /^(--.*)?$/.test(args[at + 1] ?? '') ? [arg, '10m'] : [arg]))

const choices = partNames.filter((name) => name !== 'soak')

function partsOf(names: string | undefined): PartName[] {
  if (names === undefined) return choices
  return names.split(',').map((name) => {
    const part = choices.find((each) => each === name)
    if (part) return part
    throw new UserError(`option --only: there is no part "${name}"; there are ${choices.join(', ')}`)
  })
}

const perUnit = { s: 1, m: 60, h: 3600 }

/** `90s`, `10m`, `1h` */
function secondsOf(time: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(s|m|h)$/.exec(time) ?? []
  if (Number(number) > 0) return Number(number) * perUnit[unit as keyof typeof perUnit]
  throw new UserError(`option --soak: expected a time such as 90s or 10m, found "${time}"`)
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
