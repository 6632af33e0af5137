/**
 * The table of parts: for each port, the behaviours that exist and what makes them. A behaviour is one file in its
 * port's folder and one row here; a variant (variants.ts) picks one of each. How they are put together: assembly.ts.
 * What a turn does with them: gateway/turn.ts.
 *
 * Where each optimisation of the published write-ups lives, by its number in the list of claims:
 *
 *    1 delivery              2 proxy                3 admission             4 contextUpdate          5 upstream, tool-host
 *    6 knowledge             7 databasePool         8 toolResults           9 rateLimit             10 usage
 *   11 workers              12 sessionIndex        13 expiry               14 gateway/origins       15 store: readForTurn
 *   16 workPool             17 toolLoading         18 agents               19 writes                20 sessionLog
 *   21 hydration            22 interrupts          23 streamConsumer       24 upstream/timely-call  25 state
 *   26 state: channel       27 registry            28 memory               29 variant legacy
 */

import { type AdmissionContext, boundedTurns } from './admission/bounded.ts'
import type { Admission } from './admission/port.ts'
import { unboundedAdmission } from './admission/unbounded.ts'
import { boundedAgentCache } from './agent-cache/bounded.ts'
import type { AgentCache, LoadDefinition } from './agent-cache/port.ts'
import { unboundedAgentCache } from './agent-cache/unbounded.ts'
import { backgroundContextUpdate } from './context-update/background.ts'
import { inlineContextUpdate } from './context-update/inline.ts'
import type { ContextUpdate } from './context-update/port.ts'
import { oneShotDelivery } from './delivery/one-shot.ts'
import { pollingDelivery } from './delivery/polling.ts'
import type { Delivery } from './delivery/port.ts'
import { loggedBackoffExpiry } from './expiry/logged-backoff.ts'
import type { Expiry, ExpiryNeeds } from './expiry/port.ts'
import { silentExpiry } from './expiry/silent.ts'
import type { GatewayConfig } from './gateway/config.ts'
import type { Context } from './gateway/context.ts'
import { cachedHydration } from './hydration/cached.ts'
import type { Hydration, ReadHistory } from './hydration/port.ts'
import { rescanningHydration } from './hydration/rescan.ts'
import { interruptsPolledEvery50Ms, interruptsPolledEvery300Ms } from './interrupt/polling.ts'
import type { Interrupts } from './interrupt/port.ts'
import { signalInterrupts } from './interrupt/signal.ts'
import { perCallKnowledge } from './knowledge/per-call.ts'
import { pooledKnowledge } from './knowledge/pooled.ts'
import type { Knowledge } from './knowledge/port.ts'
import { backgroundMemory } from './memory/background.ts'
import { blockingMemory } from './memory/blocking.ts'
import type { Memory } from './memory/port.ts'
import type { MemoryConfig } from './memory/service.ts'
import { passThroughProxy } from './proxy/pass-through.ts'
import { pollingProxy } from './proxy/polling.ts'
import type { ModelProxy } from './proxy/port.ts'
import { localRateLimit } from './rate-limit/local.ts'
import type { RateLimit } from './rate-limit/port.ts'
import { slidingWindowRateLimit } from './rate-limit/sliding-window.ts'
import { lockFreeRegistry } from './registry/lock-free.ts'
import { lockedRegistry } from './registry/locked.ts'
import type { RegistryKind } from './registry/port.ts'
import type { SessionLog } from './session-log/port.ts'
import { syncSessionLog } from './session-log/sync.ts'
import { throttledSessionLog } from './session-log/throttled.ts'
import { channelKind } from './state/channel.ts'
import type { StateKind } from './state/kind.ts'
import { mutexKind } from './state/mutex.ts'
import { snapshotKind } from './state/snapshot.ts'
import type { PoolSize } from './store/database-pool/port.ts'
import { smallPool } from './store/database-pool/small.ts'
import { widePool } from './store/database-pool/wide.ts'
import type { Store } from './store/port.ts'
import { noIndex } from './store/session-index/none.ts'
import { partialIndex } from './store/session-index/partial.ts'
import type { SessionIndex } from './store/session-index/port.ts'
import { batchedWrites } from './store/writes/batched.ts'
import type { WritePolicy } from './store/writes/port.ts'
import { unbatchedWrites } from './store/writes/unbatched.ts'
import { eventDrivenStreams } from './stream-consumer/event-driven.ts'
import { polledStreams } from './stream-consumer/polling.ts'
import type { StreamConsumer } from './stream-consumer/port.ts'
import { perCallToolHost } from './tool-host/per-call.ts'
import { pooledToolHost } from './tool-host/pooled.ts'
import type { ToolHost } from './tool-host/port.ts'
import { eagerToolLoading } from './tool-loading/eager.ts'
import { lazyToolLoading } from './tool-loading/lazy.ts'
import type { ToolLoading } from './tool-loading/port.ts'
import { listenerPerCallToolResults } from './tool-results/listener-per-call.ts'
import type { ToolResults } from './tool-results/port.ts'
import { sharedListenerToolResults } from './tool-results/shared-listener.ts'
import { perCallUpstream } from './upstream/per-call.ts'
import { pooledUpstream } from './upstream/pooled.ts'
import type { Upstream } from './upstream/port.ts'
import { cachedOrganisation } from './usage/cached-organisation.ts'
import type { Usage } from './usage/port.ts'
import { uncachedOrganisation } from './usage/uncached-organisation.ts'
import { perCallWorkPool } from './work-pool/per-call.ts'
import type { WorkPool } from './work-pool/port.ts'
import { sharedWorkPool } from './work-pool/shared.ts'

type FromConfig<Port> = (config: GatewayConfig) => Port
type FromContext<Port> = (context: Context) => Port

export const partTable = {
  workers: { one: 1, four: 4 },
  admission: { bounded: boundedTurns, unbounded: unboundedAdmission },
  rateLimit: { 'sliding-window': slidingWindowRateLimit, local: localRateLimit },
  registry: { 'lock-free': lockFreeRegistry, locked: lockedRegistry },
  state: { snapshot: snapshotKind, mutex: mutexKind, channel: channelKind },
  agents: { bounded: (load) => boundedAgentCache(load), unbounded: unboundedAgentCache },
  hydration: { cached: cachedHydration, rescan: rescanningHydration },
  memory: { background: backgroundMemory, blocking: blockingMemory },
  knowledge: { pooled: pooledKnowledge, 'per-call': perCallKnowledge },
  upstream: { pooled: pooledUpstream, 'per-call': perCallUpstream },
  usage: { cached: cachedOrganisation, uncached: uncachedOrganisation },
  toolLoading: { lazy: () => lazyToolLoading(), eager: () => eagerToolLoading() },
  workPool: { shared: sharedWorkPool, 'per-call': perCallWorkPool },
  toolHost: { pooled: pooledToolHost, 'per-call': perCallToolHost },
  toolResults: { 'shared-listener': sharedListenerToolResults, 'listener-per-call': listenerPerCallToolResults },
  interrupts: {
    signal: signalInterrupts,
    'polling-300': interruptsPolledEvery300Ms,
    'polling-50': interruptsPolledEvery50Ms,
  },
  delivery: { 'one-shot': oneShotDelivery, polling: () => pollingDelivery() },
  streamConsumer: { 'event-driven': eventDrivenStreams, polling: polledStreams },
  proxy: { 'pass-through': passThroughProxy, polling: pollingProxy },
  contextUpdate: { background: backgroundContextUpdate, inline: inlineContextUpdate },
  expiry: { 'logged-backoff': (needs) => loggedBackoffExpiry(needs), silent: silentExpiry },
  sessionLog: { throttled: throttledSessionLog, sync: syncSessionLog },
  writes: { batched: batchedWrites, unbatched: unbatchedWrites },
  databasePool: { wide: widePool, small: smallPool },
  sessionIndex: { partial: partialIndex, none: noIndex },
} satisfies {
  workers: Record<string, number>
  admission: Record<string, (context: AdmissionContext) => Admission>
  rateLimit: Record<string, FromContext<RateLimit>>
  registry: Record<string, RegistryKind>
  state: Record<string, StateKind>
  agents: Record<string, (load: LoadDefinition) => AgentCache>
  hydration: Record<string, (history: ReadHistory) => Hydration>
  memory: Record<string, (config: MemoryConfig) => Memory>
  knowledge: Record<string, FromConfig<Knowledge>>
  upstream: Record<string, FromConfig<Upstream>>
  usage: Record<string, (store: Store) => Usage>
  toolLoading: Record<string, () => ToolLoading>
  workPool: Record<string, FromContext<WorkPool>>
  toolHost: Record<string, FromConfig<ToolHost>>
  toolResults: Record<string, FromContext<ToolResults>>
  interrupts: Record<string, () => Interrupts>
  delivery: Record<string, () => Delivery>
  streamConsumer: Record<string, () => StreamConsumer>
  proxy: Record<string, FromConfig<ModelProxy>>
  contextUpdate: Record<string, () => ContextUpdate>
  expiry: Record<string, (needs: ExpiryNeeds) => Expiry>
  sessionLog: Record<string, FromContext<SessionLog>>
  writes: Record<string, WritePolicy>
  databasePool: Record<string, PoolSize>
  sessionIndex: Record<string, SessionIndex>
}

/** A variant: the name of one behaviour for each port. */
export type Parts = { [Port in keyof typeof partTable]: keyof (typeof partTable)[Port] }
