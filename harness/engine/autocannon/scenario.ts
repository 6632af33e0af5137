import { z } from 'zod'
import { UserError } from '../../errors.ts'
import { parseDurationMs } from '../../metrics/duration.ts'
import { parseSelector } from '../../metrics/selector.ts'
import { parsedBy } from '../../parsed-by.ts'
import { type Base, readBase } from './base.ts'
import { usualConnectingMs } from './connecting.ts'
import { called, textMaker } from './made-by-file.ts'

/** What the scenario of a connection may be written as: one for all, or one for each, numbered from 0. */
type OfConnection<T> = (connection: number) => T

const isFunction = (value: unknown): boolean => typeof value === 'function'

/** As in k6, `1m30s`, or a number of milliseconds; read as milliseconds. */
const timeMs = z.union([z.string(), z.number()]).transform(parsedBy((value: string | number) => parseDurationMs(value)))
const durationMs = timeMs.refine((ms) => ms >= 1000, 'expected 1s or more')

const request = z.strictObject({
  method: z
    .string()
    .regex(/^[A-Z]+$/, 'expected a method in capitals, such as POST')
    .default('GET'),
  path: z.string().startsWith('/', 'expected a path that begins with /'),
  headers: z.record(z.string(), z.string()).default({}),
  /** Text, or what makes it: asked with 0 for the first time that a connection sends it, then with 1, and so on. */
  body: z
    .union([z.string(), z.custom<(nth: number) => string>(isFunction, 'expected a text or a function that gives one')])
    .optional(),
})

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE']

/** One that autocannon sends, and whose answer it can read. */
const loadRequest = request.superRefine(({ method }, context) => {
  if (methods.includes(method)) return
  const why =
    method === 'HEAD'
      ? 'autocannon waits for the body of an answer to HEAD, which has none: expected another method, or a k6 script'
      : `autocannon does not send ${method}: expected one of ${methods.join(', ')}, or a k6 script`
  context.addIssue({ code: 'custom', path: ['method'], message: why })
})

const requestList = z.array(loadRequest).min(1, 'expected a request at least')

/** All of a file of this engine: its default export, or what that gives when it is called with the environment. */
const schema = z.strictObject({
  connections: z.number().int().min(1).max(20_000).default(10),
  /** What is measured begins so long after connections begin to be opened; unless given, by how many they are. */
  connecting: timeMs.refine((ms) => ms > 0, 'expected more than 0').optional(),
  duration: durationMs.default(10_000),
  /** Requests that a connection has under way at once. */
  pipelining: z.number().int().min(1).default(1),
  /** A request that has no answer by then has failed, and its connection is opened anew. */
  timeout: durationMs.default(10_000),
  /** What every connection sends in turn, over and over. */
  requests: z.union([
    requestList,
    z.custom<OfConnection<unknown>>(isFunction, 'expected a list of requests, or a function'),
  ]),
  /** What is sent once for each connection before the load; all of it must be answered as expected. */
  setUp: z.custom<OfConnection<unknown>>(isFunction, 'expected a function that gives a list of requests').optional(),
  /** Any other answer has failed; all from 200 to 299 unless given. */
  expectedStatuses: z
    .array(z.number().int().min(200, 'autocannon takes no answer below 200 for one: expected 200 to 599').max(599))
    .min(1)
    .optional(),
  /** The one metric that gets a verdict. */
  primary: z
    .string()
    .superRefine((text, context) => void parsedBy(parseSelector)(text, context))
    .default('throughput{phase:load} value'),
})

/** What the config, or a step of a sweep, may set above the file. */
const settable = ['connections', 'connecting', 'duration', 'pipelining', 'timeout'] as const

export type Request = z.output<typeof request>

/** A load of this engine, read and checked. */
export interface Scenario extends Omit<z.output<typeof schema>, 'requests' | 'setUp' | 'connecting'> {
  /** Ms. */
  connecting: number
  /** The same for every connection; null: `requestsOf` gives each its own. */
  requests: Request[] | null
  requestsOf: OfConnection<Request[]>
  setUpOf: OfConnection<Request[]>
  /** Of the target; the paths of the requests are whole. */
  origin: string
}

/**
 * Reads what a file of this engine exports.
 *
 * @param exported its default export @param file for messages
 * @throws UserError that names the file, the key, and what was expected
 */
export function readScenario(
  exported: unknown,
  env: Readonly<Record<string, string>>,
  options: Readonly<Record<string, unknown>>,
  file: string,
): Scenario {
  const stranger = Object.keys(options).find((key) => !settable.includes(key as (typeof settable)[number]))
  if (stranger !== undefined)
    throw new UserError(
      `${file}: option "${stranger}" does not exist for autocannon. It is one of: ${settable.join(', ')}`,
    )
  const written = isFunction(exported) ? called(() => (exported as (env: object) => unknown)(env), file) : exported
  if (typeof written !== 'object' || written === null)
    throw new UserError(
      `${file}: expected a default export such as { connections: 10, duration: '5s', requests: [{ path: '/' }] }, or a function of the environment that gives one`,
    )
  const { requests, setUp, ...rest } = parsed(schema, { ...written, ...options }, file)
  const base = readBase(env.BASE_URL ?? 'http://127.0.0.1')
  const { origin } = base
  const connecting = rest.connecting ?? usualConnectingMs(rest.connections, origin)
  const sent = requestsIn({ requests, setUp, pipelining: rest.pipelining }, base, file)
  return { ...rest, connecting, origin, ...sent }
}

/** What each connection sends. */
function requestsIn(
  { requests, setUp, pipelining }: Pick<z.output<typeof schema>, 'requests' | 'setUp' | 'pipelining'>,
  base: Base,
  file: string,
): Pick<Scenario, 'requests' | 'requestsOf' | 'setUpOf'> {
  const each = isFunction(requests) ? (requests as OfConnection<unknown>) : null
  if (each && pipelining > 1)
    throw new UserError(
      `${file}: requests that differ by connection cannot be pipelined, since autocannon cannot tell them apart then: write a list, or leave out pipelining`,
    )
  const list = each ? null : whole(parsed(z.array(loadRequest), requests, `${file}: requests`), base, file)
  const hasMadeBody = list?.some(({ body }) => isFunction(body)) ?? false
  if (hasMadeBody && pipelining > 1)
    throw new UserError(`${file}: a body that is made for each request cannot be pipelined: write it as a text`)
  const madeBy = (make: OfConnection<unknown>, name: string, shape: z.ZodType<Request[]>, connection: number) => {
    const where = `${file}: ${name}(${connection})`
    const made = called(() => make(connection), where)
    return whole(parsed(shape, made, where), base, file)
  }
  return {
    requests: hasMadeBody ? null : list,
    requestsOf: (connection) => list ?? madeBy(each!, 'requests', requestList, connection),
    setUpOf: (connection) => (setUp ? madeBy(setUp, 'setUp', z.array(request), connection) : []),
  }
}

/** With their whole paths, and with bodies that are texts or throw what users are told. */
const whole = (requests: readonly Request[], base: Base, file: string): Request[] =>
  requests.map(({ path, body, ...rest }) => ({
    ...rest,
    path: base.path + path,
    ...(body === undefined ? {} : { body: typeof body === 'function' ? textMaker(body, file) : body }),
  }))

function parsed<T>(shape: z.ZodType<T>, value: unknown, where: string): T {
  const read = shape.safeParse(value)
  if (read.success) return read.data
  throw new UserError(read.error.issues.map((issue) => `${where}: ${issueInWords(issue)}`).join('\n'))
}

function issueInWords(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `key "${issue.keys.join('", "')}" does not exist`
  const [first] = issue.code === 'invalid_union' ? (issue.errors[0] ?? []) : []
  const path = [...issue.path, ...(first?.path ?? [])].map(String).join('.')
  return `${path === '' ? 'the whole' : `key "${path}"`}: ${first?.message ?? issue.message}`
}
