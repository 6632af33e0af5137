import { tmpdir } from 'node:os'
import { numberFromEnv } from '../command-line.ts'
import { StartError } from '../errors.ts'
import { readAuthority } from '../tls.ts'

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
  /** Deadline of every single call to the model or the knowledge base. */
  upstreamTimeoutMs: number
  /** From a turn's arrival to its answer, waiting for a permit included. */
  turnTimeoutMs: number
  /** How long a shutdown waits for the turns in flight. */
  drainTimeoutMs: number
  maxBodyBytes: number
  /** Turns in flight at once, and how many may wait for one of these places. */
  permits: number
  waitingTurns: number
  apiKeys: ReadonlySet<string>
}

const requiredUrl = (env: NodeJS.ProcessEnv, name: string, example: string): URL => {
  const text = env[name] ?? ''
  if (URL.canParse(text) && /^https?:/.test(text)) return new URL(text)
  throw new StartError(`${name} is "${text}"; expected an http or https URL such as ${example}`)
}

const readKeys = (text: string): ReadonlySet<string> => {
  const keys = text.split(',').map((key) => key.trim())
  if (keys.every((key) => key !== '')) return new Set(keys)
  throw new StartError(`API_KEYS is "${text}"; expected keys separated by commas, such as key-a,key-b`)
}

/**
 * Reads the environment and the authority's file.
 * @throws StartError naming the variable, what was expected and what came
 */
export const readConfig = async (env: NodeJS.ProcessEnv): Promise<GatewayConfig> => {
  const modelUrl = requiredUrl(env, 'MODEL_URL', 'https://localhost:8443')
  const knowledgeUrl = requiredUrl(env, 'KNOWLEDGE_URL', 'http://127.0.0.1:8081')
  const numbers = {
    upstreamTimeoutMs: numberFromEnv(env, 'UPSTREAM_TIMEOUT_MS', 300_000, 1),
    turnTimeoutMs: numberFromEnv(env, 'TURN_TIMEOUT_MS', 600_000, 1),
    drainTimeoutMs: numberFromEnv(env, 'DRAIN_TIMEOUT_MS', 10_000),
    maxBodyBytes: numberFromEnv(env, 'MAX_BODY_BYTES', 65_536, 1),
    permits: numberFromEnv(env, 'MAX_TURNS_IN_FLIGHT', 1_024, 1),
    waitingTurns: numberFromEnv(env, 'MAX_TURNS_WAITING', 4_096),
  }
  if (!env.TLS_DIR) throw new StartError('TLS_DIR is not set; name the directory that the services were given')
  return {
    ...numbers,
    modelUrl,
    knowledgeUrl,
    modelName: env.MODEL_NAME || 'stub-8',
    authority: await readAuthority(env.TLS_DIR),
    databaseDir: env.DATABASE_DIR || tmpdir(),
    databaseFile: env.DATABASE_FILE || undefined,
    apiKeys: readKeys(env.API_KEYS || 'key-a,key-b'),
  }
}
