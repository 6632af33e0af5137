import { randomUUID } from 'node:crypto'
import type { MessagePort } from 'node:worker_threads'
import type { Admission } from './admission/port.ts'
import { type PermitsMemory, permitsMemory } from './admission/shared-permits.ts'
import type { AgentCache } from './agent-cache/port.ts'
import { chooseLinks } from './bus/open.ts'
import type { Bus } from './bus/port.ts'
import type { ContextUpdate } from './context-update/port.ts'
import type { Delivery } from './delivery/port.ts'
import { logFailure } from './errors.ts'
import type { Expiry } from './expiry/port.ts'
import type { GatewayConfig } from './gateway/config.ts'
import type { Context, Setting } from './gateway/context.ts'
import { forgetIdle, settledQuestion } from './gateway/sessions.ts'
import type { Hydration } from './hydration/port.ts'
import type { Interrupts } from './interrupt/port.ts'
import type { Knowledge } from './knowledge/port.ts'
import { noMemory } from './memory/none.ts'
import type { Memory } from './memory/port.ts'
import { type Parts, partTable } from './parts.ts'
import type { ModelProxy } from './proxy/port.ts'
import type { RateLimit } from './rate-limit/port.ts'
import type { RegistryKind } from './registry/port.ts'
import type { SessionLog } from './session-log/port.ts'
import { createSessionTable, openSessionTable, type SessionTableMemory } from './shared-memory/session-table.ts'
import { startOwnerThread } from './state/channel.ts'
import type { StateKind } from './state/kind.ts'
import type { SessionStates } from './state/port.ts'
import { SharedStates, type SharedStatesNeeds } from './state/shared.ts'
import { makeDatabase, makeStore, type StoreParts } from './store/open.ts'
import type { Store } from './store/port.ts'
import { remoteDatabase, serveDatabase } from './store/remote.ts'
import type { StreamConsumer } from './stream-consumer/port.ts'
import type { ToolResults } from './tool-results/port.ts'
import type { Tools } from './tools/port.ts'
import { createTools } from './tools/tools.ts'
import type { Upstream } from './upstream/port.ts'
import type { Usage } from './usage/port.ts'

/** The parts of a running gateway. */
export interface AssembledParts {
  store: Store
  bus: Bus
  admission: Admission
  rateLimit: RateLimit
  state: SessionStates
  agents: AgentCache
  hydration: Hydration
  memory: Memory
  knowledge: Knowledge
  upstream: Upstream
  usage: Usage
  tools: Tools
  toolResults: ToolResults
  interrupts: Interrupts
  delivery: Delivery
  streamConsumer: StreamConsumer
  proxy: ModelProxy
  contextUpdate: ContextUpdate
  expiry: Expiry
  sessionLog: SessionLog
}

/** More messages than any conversation has. */
const wholeConversation = 1_000_000

/** Makes the parts that a variant names; none of them has opened a file or a connection yet. */
export const assemble = async (parts: Parts, setting: Setting): Promise<AssembledParts> => {
  const { config } = setting
  const { memoryUrl } = config
  const store = makeOwnStore(parts, setting)
  const { bus, redis } = await chooseLinks(config, setting.worker)
  const context: Context = { ...setting, store, bus, redis }
  const assembled: AssembledParts = {
    store,
    bus,
    admission: partTable.admission[parts.admission](setting),
    rateLimit: partTable.rateLimit[parts.rateLimit](context),
    state: makeStates(parts, setting, {
      settled: (key) => store.settled(key),
      isStored: (key) =>
        store.load(key).then(
          (stored) => stored !== undefined,
          () => false,
        ),
      onLeft: (key) => {
        assembled.hydration.forget(key)
        assembled.sessionLog.forget(key)
      },
    }),
    agents: partTable.agents[parts.agents]((name) => store.agent(name)),
    hydration: partTable.hydration[parts.hydration](async (session, most) => {
      await setting.peers.askOthers(settledQuestion, session)
      return store.history(session, most ?? wholeConversation)
    }),
    memory: memoryUrl ? partTable.memory[parts.memory]({ ...config, memoryUrl }) : noMemory,
    knowledge: partTable.knowledge[parts.knowledge](config),
    upstream: partTable.upstream[parts.upstream](config),
    usage: partTable.usage[parts.usage](store),
    tools: createTools({
      loading: partTable.toolLoading[parts.toolLoading](),
      work: partTable.workPool[parts.workPool](context),
      host: partTable.toolHost[parts.toolHost](config),
    }),
    toolResults: partTable.toolResults[parts.toolResults](context),
    interrupts: partTable.interrupts[parts.interrupts](),
    delivery: partTable.delivery[parts.delivery](),
    streamConsumer: partTable.streamConsumer[parts.streamConsumer](),
    proxy: partTable.proxy[parts.proxy](config),
    contextUpdate: partTable.contextUpdate[parts.contextUpdate](),
    expiry: partTable.expiry[parts.expiry]({
      config,
      store,
      forgetIdle: (key, beforeMs) => forgetIdle(assembled, setting.peers, key, beforeMs),
    }),
    sessionLog: partTable.sessionLog[parts.sessionLog](context),
  }
  return assembled
}

/** What a variant decides of the store. */
const storeParts = (parts: Parts): StoreParts => ({
  writes: partTable.writes[parts.writes],
  databasePool: partTable.databasePool[parts.databasePool],
  sessionIndex: partTable.sessionIndex[parts.sessionIndex],
})

/** Over the database of this process, which the main thread has where there are several workers, or over PostgreSQL. */
const makeOwnStore = (parts: Parts, { config, worker, shared }: Setting): Store => {
  const database = shared?.database
    ? remoteDatabase(shared.database)
    : makeDatabase(config, storeParts(parts), worker.count)
  return makeStore(config, storeParts(parts), database)
}

/** Several workers share memory, or an owner; one has its sessions to itself. */
const makeStates = (parts: Parts, { worker, peers, shared }: Setting, needs: SharedStatesNeeds): SessionStates => {
  const [state, registry]: [StateKind, RegistryKind] = [
    partTable.state[parts.state],
    partTable.registry[parts.registry],
  ]
  if (shared?.owner && state.ownedBy) return state.ownedBy(shared.owner)
  if (shared?.sessions) return new SharedStates(openSessionTable(shared.sessions, worker.index), peers, needs)
  return state.local(registry.local)
}

/** In the order in which they need one another; nothing but these has anything to open. */
export const openParts = async (parts: AssembledParts): Promise<void> => {
  await parts.store.open()
  await parts.bus.open()
  await Promise.all([
    parts.memory.open(),
    parts.state.open(),
    parts.rateLimit.open(),
    parts.toolResults.open(),
    parts.tools.open(),
    parts.sessionLog.open(),
  ])
}

/**
 * Backwards: what turns have left behind is written before the store closes. One that fails to close keeps none of the
 * others open.
 */
export const closeParts = async (parts: AssembledParts): Promise<void> => {
  await parts.expiry.close()
  parts.delivery.close()
  await parts.contextUpdate.drain()
  const { toolResults, rateLimit, upstream, knowledge, memory, tools, proxy, sessionLog } = parts
  await closeEach([toolResults, rateLimit, upstream, knowledge, memory, tools, proxy, sessionLog])
  await closeEach([parts.state, parts.store])
  await closeEach([parts.bus])
}

const closeEach = async (closing: { close(): Promise<void> }[]): Promise<void> => {
  const outcomes = await Promise.allSettled(closing.map(async (part) => part.close()))
  const failed = outcomes.filter((outcome) => outcome.status === 'rejected')
  for (const { reason } of failed) logFailure('a part could not be closed', reason)
  if (failed.length > 0) process.exitCode = 1
}

/** What has one owner, however many workers there are, with what each of them needs to reach it. */
export interface SharedResources {
  gatewayId: string
  permits: PermitsMemory
  sessions: SessionTableMemory | undefined
  serveOwner: ((port: MessagePort) => void) | undefined
  serveDatabase: ((port: MessagePort) => void) | undefined
  close(): Promise<void>
}

/**
 * Makes what the workers of one gateway share, in the main thread.
 * @throws StartError when the database cannot be opened
 */
export const shareAcrossWorkers = async (
  parts: Parts,
  config: GatewayConfig,
  workers: number,
): Promise<SharedResources> => {
  const { across } = partTable.state[parts.state]
  const map = partTable.registry[parts.registry].across
  // PostgreSQL takes connections from every worker; the embedded database has one writer in a process.
  const database = config.databaseUrl ? undefined : makeDatabase(config, storeParts(parts))
  await database?.open()
  const owner = across === 'owner' ? startOwnerThread() : undefined
  return {
    gatewayId: randomUUID(),
    permits: permitsMemory(workers),
    sessions:
      across === 'owner'
        ? undefined
        : createSessionTable({ capacity: config.sessionsInMemory, workers, map, records: across }),
    serveOwner: owner?.serve,
    serveDatabase: database && ((port) => serveDatabase(database, port)),
    close: async () => {
      await owner?.end()
      await database?.close()
    },
  }
}
