/** Asks for an agent: for one that is in the cache, and for one that has to be made first and makes another one leave. */
import { boundedAgentCache } from '../../reference-server/agent-cache/bounded.ts'
import type { AgentCache } from '../../reference-server/agent-cache/port.ts'
import { sessionCount, sessionOf } from './lib/sessions.ts'

const names = Array.from({ length: sessionCount }, (_, number) => `agent-${number}`)

/** None is defined: each is made from the default definition. */
const emptyCache = (): AgentCache => boundedAgentCache(async () => undefined)

export const tasks = {
  hit: {
    open: async () => {
      const cache = emptyCache()
      for (const name of names) await cache.agentOf(name)
      return {
        operation: (at: number) => {
          const agent = cache.agentOf(names[sessionOf(at)]!)
          return agent instanceof Promise ? agent.then(({ tools }) => tools.length) : agent.tools.length
        },
      }
    },
  },
  miss: {
    open: () => {
      const cache = emptyCache()
      let asked = 0
      return { operation: async () => (await cache.agentOf(`stranger-${asked++}`)).tools.length }
    },
  },
}
