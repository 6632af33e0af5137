/**
 * The table of parts: for each port, the behaviours that exist and what makes them. A behaviour is one file in its
 * port's folder and one row here; a variant (variants.ts) picks one of each. What a turn does with them: gateway/turn.ts.
 *
 * Where each optimisation of the published write-ups lives, by its number in the list of claims:
 *
 *    1 delivery            3 admission (bound and wait queue)    4 context-update      5 upstream
 *    6 knowledge          7, 12, 19 store (three parts)         24 upstream/exchange  25 state (one worker)
 *
 * and where those not built yet belong:
 *
 *    2 proxy: a route in gateway/app.ts that gives `delivery` the upstream's raw answer
 *   15 orchestration: `store.readForTurn`
 *    8 tool results, 16 work pool, 17 tool loading: a port `tools`, called between knowledge and model in a turn
 *    9 rate limit: a port `rateLimit`, asked before `admission`          14 origin check: gateway/web-socket.ts
 *   10 usage tracking: with `upstream`, at each model call               11 workers: gateway/main.ts
 *   13 expiry, 18 agent cache, 21 to-do hydration: gateway/sessions.ts   20 session log: with `contextUpdate`
 *   22 interrupt: the turn's AbortSignal in gateway/turn.ts              23 stream consumer: gateway/web-socket.ts
 *   26 channel, 27 registry: `state`      28 memory service: with `knowledge`      29 legacy: variants.ts
 */

import { boundedAdmission } from './admission/bounded.ts'
import type { Admission } from './admission/port.ts'
import { unboundedAdmission } from './admission/unbounded.ts'
import { backgroundContextUpdate } from './context-update/background.ts'
import { inlineContextUpdate } from './context-update/inline.ts'
import type { ContextUpdate } from './context-update/port.ts'
import { oneShotDelivery } from './delivery/one-shot.ts'
import { pollingDelivery } from './delivery/polling.ts'
import type { Delivery } from './delivery/port.ts'
import type { GatewayConfig } from './gateway/config.ts'
import { perCallKnowledge } from './knowledge/per-call.ts'
import { pooledKnowledge } from './knowledge/pooled.ts'
import type { Knowledge } from './knowledge/port.ts'
import { mutexStates } from './state/mutex.ts'
import type { SessionStates } from './state/port.ts'
import { snapshotStates } from './state/snapshot.ts'
import type { PoolSize } from './store/database-pool/port.ts'
import { smallPool } from './store/database-pool/small.ts'
import { widePool } from './store/database-pool/wide.ts'
import { makeStore } from './store/open.ts'
import type { Store } from './store/port.ts'
import { noIndex } from './store/session-index/none.ts'
import { partialIndex } from './store/session-index/partial.ts'
import type { SessionIndex } from './store/session-index/port.ts'
import { batchedWrites } from './store/writes/batched.ts'
import type { WritePolicy } from './store/writes/port.ts'
import { unbatchedWrites } from './store/writes/unbatched.ts'
import { perCallUpstream } from './upstream/per-call.ts'
import { pooledUpstream } from './upstream/pooled.ts'
import type { Upstream } from './upstream/port.ts'

type Factory<Port> = (config: GatewayConfig) => Port

const partTable = {
  admission: { bounded: boundedAdmission, unbounded: unboundedAdmission },
  state: { snapshot: snapshotStates, mutex: mutexStates },
  knowledge: { pooled: pooledKnowledge, 'per-call': perCallKnowledge },
  upstream: { pooled: pooledUpstream, 'per-call': perCallUpstream },
  delivery: { 'one-shot': oneShotDelivery, polling: () => pollingDelivery() },
  contextUpdate: { background: backgroundContextUpdate, inline: inlineContextUpdate },
  writes: { batched: batchedWrites, unbatched: unbatchedWrites },
  databasePool: { wide: widePool, small: smallPool },
  sessionIndex: { partial: partialIndex, none: noIndex },
} satisfies {
  admission: Record<string, Factory<Admission>>
  state: Record<string, Factory<SessionStates>>
  knowledge: Record<string, Factory<Knowledge>>
  upstream: Record<string, Factory<Upstream>>
  delivery: Record<string, Factory<Delivery>>
  contextUpdate: Record<string, Factory<ContextUpdate>>
  writes: Record<string, WritePolicy>
  databasePool: Record<string, PoolSize>
  sessionIndex: Record<string, SessionIndex>
}

/** A variant: the name of one behaviour for each port. */
export type Parts = { [Port in keyof typeof partTable]: keyof (typeof partTable)[Port] }

/** The parts of a running gateway. */
export interface AssembledParts {
  admission: Admission
  state: SessionStates
  knowledge: Knowledge
  upstream: Upstream
  delivery: Delivery
  contextUpdate: ContextUpdate
  store: Store
}

/** Makes the parts that a variant names; none of them has opened a file or a connection yet. */
export const assemble = (parts: Parts, config: GatewayConfig): AssembledParts => ({
  admission: partTable.admission[parts.admission](config),
  state: partTable.state[parts.state](),
  knowledge: partTable.knowledge[parts.knowledge](config),
  upstream: partTable.upstream[parts.upstream](config),
  delivery: partTable.delivery[parts.delivery](),
  contextUpdate: partTable.contextUpdate[parts.contextUpdate](),
  store: makeStore(config, {
    writes: partTable.writes[parts.writes],
    databasePool: partTable.databasePool[parts.databasePool],
    sessionIndex: partTable.sessionIndex[parts.sessionIndex],
  }),
})
