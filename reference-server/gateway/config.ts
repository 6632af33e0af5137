import { tmpdir } from 'node:os'
import { numberFromEnv, timeoutFromEnv } from '../command-line.ts'
import { StartError } from '../errors.ts'
import { readAuthority } from '../tls.ts'
import type { Caller } from './auth.ts'

/** What a gateway is told by its environment. */
export interface GatewayConfig {
  modelUrl: URL
  knowledgeUrl: URL
  modelName: string
  /** PEM of the authority that the model's certificate is checked against. */
  authority: string
  /** The database lives in a folder of its own in here and goes with the process ... */
  databaseDir: string
  /** ... unless a file is named, which is used and kept. */
  databaseFile: string | undefined
  /** PostgreSQL, where sessions live then; else SQLite in the folder above. */
  databaseUrl: URL | undefined
  /** Redis, through which workers and gateways talk; else they do within the process. */
  redisUrl: URL | undefined
  /** Where agents' memories are; without it agents have none. */
  memoryUrl: URL | undefined
  /** Where HTTP tools are. */
  toolsUrl: URL
  /** Worker threads; undefined: as many as the variant says. */
  workers: number | undefined
  /** Origins that browsers may open WebSockets from and read answers for; `*` allows any. */
  allowedOrigins: readonly string[]
  /** Turns of one app in `rateWindowMs`; 0: no limit. */
  rateLimit: number
  rateWindowMs: number
  /** A session that was idle for this long is ended; looked for every `expiryEveryMs`. */
  idleTimeoutMs: number
  expiryEveryMs: number
  /** A JSON file that tells of the sessions; beside the database unless named. */
  sessionLogFile: string | undefined
  /** Sessions that several workers have in memory at once at most, all together; the longest unused leave it for others. */
  sessionsInMemory: number
  /** How long a turn waits for a tool that its client runs. */
  toolTimeoutMs: number
  /** Deadline of every single call to the model or the knowledge base. */
  upstreamTimeoutMs: number
  /** From a turn's arrival to its answer, waiting for a permit included. */
  turnTimeoutMs: number
  /** How long a shutdown waits for the turns in flight. */
  drainTimeoutMs: number
  /** Changes that may wait to be committed while the database is away; more are refused. */
  maxWritesPending: number
  maxBodyBytes: number
  /** Turns in flight at once at all workers together, and how many may wait for one of these places. */
  permits: number
  waitingTurns: number
  callers: readonly Caller[]
}

const requiredUrl = (env: NodeJS.ProcessEnv, name: string, example: string): URL => {
  const text = env[name] ?? ''
  if (URL.canParse(text) && /^https?:/.test(text)) return new URL(text)
  throw new StartError(`${name} is "${text}"; expected an http or https URL such as ${example}`)
}

const optionalUrl = (env: NodeJS.ProcessEnv, name: string, protocols: RegExp, example: string): URL | undefined => {
  const text = env[name]
  if (!text) return undefined
  if (URL.canParse(text) && protocols.test(text)) return new URL(text)
  throw new StartError(`${name} is "${text}"; expected a URL such as ${example}`)
}

/** A table of sessions has no more places. */
const mostSessionsInMemory = 1_048_576

/** More threads than this share no registry. */
const mostWorkers = 32

const workersFromEnv = (env: NodeJS.ProcessEnv): number | undefined =>
  env.WORKERS ? numberFromEnv(env, 'WORKERS', 1, 1, mostWorkers) : undefined

const keyAndApp = /^([^\s,=]+)=([A-Za-z0-9._-]{1,32})$/

const readCallers = (text: string): Caller[] => {
  const callers = text.split(',').map((pair): Caller | undefined => {
    const [, apiKey, app] = keyAndApp.exec(pair.trim()) ?? []
    return apiKey && app ? { apiKey, app } : undefined
  })
  const whole = callers.filter((caller) => caller !== undefined)
  if (whole.length === callers.length && new Set(whole.map(({ apiKey }) => apiKey)).size === whole.length) return whole
  throw new StartError(
    // The value is not repeated: logs are no place for keys.
    `API_KEYS has ${callers.length} entries that are not all right; expected different keys, each with its app, such as key-a=app-a,key-b=app-b`,
  )
}

/**
 * Reads the environment and the authority's file.
 * @throws StartError naming the variable, what was expected and what came
 */
export const readConfig = async (env: NodeJS.ProcessEnv): Promise<GatewayConfig> => {
  const modelUrl = requiredUrl(env, 'MODEL_URL', 'https://localhost:8443')
  const knowledgeUrl = requiredUrl(env, 'KNOWLEDGE_URL', 'http://127.0.0.1:8081')
  const numbers = {
    upstreamTimeoutMs: timeoutFromEnv(env, 'UPSTREAM_TIMEOUT_MS', 300_000, 1),
    turnTimeoutMs: timeoutFromEnv(env, 'TURN_TIMEOUT_MS', 600_000, 1),
    drainTimeoutMs: timeoutFromEnv(env, 'DRAIN_TIMEOUT_MS', 10_000),
    maxWritesPending: numberFromEnv(env, 'MAX_WRITES_PENDING', 100_000, 1),
    maxBodyBytes: numberFromEnv(env, 'MAX_BODY_BYTES', 65_536, 1),
    permits: numberFromEnv(env, 'MAX_TURNS_IN_FLIGHT', 1_024, 1),
    waitingTurns: numberFromEnv(env, 'MAX_TURNS_WAITING', 4_096),
    rateLimit: numberFromEnv(env, 'RATE_LIMIT_TURNS', 0),
    rateWindowMs: numberFromEnv(env, 'RATE_LIMIT_WINDOW_MS', 60_000, 1),
    idleTimeoutMs: numberFromEnv(env, 'SESSION_IDLE_TIMEOUT_MS', 1_800_000, 1),
    expiryEveryMs: timeoutFromEnv(env, 'EXPIRY_INTERVAL_MS', 30_000, 1),
    toolTimeoutMs: timeoutFromEnv(env, 'TOOL_TIMEOUT_MS', 120_000, 1),
    workers: workersFromEnv(env),
    sessionsInMemory: numberFromEnv(env, 'MAX_SESSIONS_IN_MEMORY', 65_536, 1, mostSessionsInMemory),
  }
  const back = {
    databaseUrl: optionalUrl(env, 'DATABASE_URL', /^postgres(ql)?:/, 'postgres://gateway@127.0.0.1:5432/gateway'),
    redisUrl: optionalUrl(env, 'REDIS_URL', /^rediss?:/, 'redis://127.0.0.1:6379'),
    memoryUrl: optionalUrl(env, 'MEMORY_URL', /^https?:/, 'http://127.0.0.1:8081'),
    toolsUrl: optionalUrl(env, 'TOOLS_URL', /^https?:/, 'http://127.0.0.1:8081') ?? knowledgeUrl,
  }
  if (!env.TLS_DIR) throw new StartError('TLS_DIR is not set; name the directory that the services were given')
  return {
    ...numbers,
    ...back,
    allowedOrigins: (env.ALLOWED_ORIGINS || '*').split(',').map((origin) => origin.trim()),
    sessionLogFile: env.SESSION_LOG_FILE || undefined,
    modelUrl,
    knowledgeUrl,
    modelName: env.MODEL_NAME || 'stub-8',
    authority: await readAuthority(env.TLS_DIR),
    databaseDir: env.DATABASE_DIR || tmpdir(),
    databaseFile: env.DATABASE_FILE || undefined,
    callers: readCallers(env.API_KEYS || 'key-a=app-a,key-b=app-b'),
  }
}
