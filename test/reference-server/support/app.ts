import type { FastifyInstance } from 'fastify'
import type { AssembledParts } from '../../../reference-server/assembly.ts'
import { createApp } from '../../../reference-server/gateway/app.ts'
import type { GatewayConfig } from '../../../reference-server/gateway/config.ts'
import { Gateway } from '../../../reference-server/gateway/gateway.ts'
import { signalInterrupts } from '../../../reference-server/interrupt/signal.ts'
import { lockFreeRegistry } from '../../../reference-server/registry/lock-free.ts'
import { snapshotKind } from '../../../reference-server/state/snapshot.ts'
import type { Write } from '../../../reference-server/store/port.ts'
import { Peers } from '../../../reference-server/workers/peers.ts'

/** The HTTP interface of a gateway in this process, and what its store was asked to write. */
export interface TestApp {
  app: FastifyInstance
  parts: AssembledParts
  written: Write[]
}

/** An empty database that takes every change. */
const emptyStore = (written: Write[]) => {
  const write = async (change: Write): Promise<void> => void written.push(change)
  const nothing = async (): Promise<undefined> => undefined
  return {
    ...{ isShared: false, overloaded: false, pendingWrites: 0, write, writeNow: write },
    ...{ isAppActive: async () => true, readForTurn: nothing, load: nothing, findActive: nothing },
  }
}

/** @param changed replaces parts, and of the store what it names */
export const openApp = (changed: Record<string, object> = {}): TestApp => {
  const written: Write[] = []
  const forget = (): void => {}
  const parts = {
    ...{ interrupts: signalInterrupts(), state: snapshotKind.local(lockFreeRegistry.local) },
    ...{ hydration: { forget }, sessionLog: { forget } },
    ...changed,
    store: { ...emptyStore(written), ...changed.store },
  } as unknown as AssembledParts
  const config = {
    callers: ['a', 'b'].map((name) => ({ apiKey: `key-${name}`, app: `app-${name}` })),
    ...{ allowedOrigins: ['*'], maxBodyBytes: 65_536, turnTimeoutMs: 600_000 },
  } as unknown as GatewayConfig
  return { app: createApp(new Gateway(config, parts, new Peers(0, 1))), parts, written }
}
