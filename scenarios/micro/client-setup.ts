/** Asks the model server over TLS whether it is there: what a call costs beside what the model does for it. */
import { readConfig } from '../../reference-server/gateway/config.ts'
import { perCallUpstream } from '../../reference-server/upstream/per-call.ts'
import { pooledUpstream } from '../../reference-server/upstream/pooled.ts'

/** MODEL_URL, KNOWLEDGE_URL, TLS_DIR: as the gateway is told of them. */
interface Opening {
  env: Readonly<Record<string, string>>
}

async function call(upstreamOf: typeof pooledUpstream, env: Opening['env']) {
  const upstream = upstreamOf(await readConfig(env))
  const { signal } = new AbortController()
  await upstream.check(signal)
  return {
    operation: async () => {
      await upstream.check(signal)
      return upstream.connectionsMade
    },
    close: () => upstream.close(),
  }
}

export const tasks = {
  pooled: { open: ({ env }: Opening) => call(pooledUpstream, env) },
  'per-call': { open: ({ env }: Opening) => call(perCallUpstream, env) },
}
