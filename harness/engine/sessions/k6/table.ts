import type { ProvidedModules } from '../script/load.ts'
import type { VirtualUser } from '../users/vu.ts'
import { k6Module } from './core.ts'
import { cryptoModule } from './crypto.ts'
import { dataModule } from './data.ts'
import { encodingModule } from './encoding.ts'
import { executionModule } from './execution.ts'
import { httpModule } from './http.ts'
import { metricsModule } from './metrics.ts'
import type { K6Module } from './port.ts'
import { sseModule } from './sse.ts'
import { timersModule } from './timers.ts'
import { websocketsModule } from './websockets.ts'
import { wholeNamespace } from './whole.ts'
import { wsModule } from './ws.ts'

/** The modules that a script may import. */
const modules: Record<string, K6Module> = {
  k6: k6Module,
  'k6/http': httpModule,
  'k6/metrics': metricsModule,
  'k6/execution': executionModule,
  'k6/data': dataModule,
  'k6/encoding': encodingModule,
  'k6/crypto': cryptoModule,
  'k6/timers': timersModule,
  'k6/x/sse': sseModule,
  'k6/ws': wsModule,
  'k6/websockets': websocketsModule,
  'k6/experimental/websockets': websocketsModule,
}

export const providedModules: ProvidedModules = new Map(
  Object.entries(modules).map(([name, module]) => [name, new Set(['default', ...module.names])]),
)

/** One user's namespaces of the modules that its script imports. */
export function modulesFor(
  user: VirtualUser,
  imports: ReadonlyMap<string, readonly string[]>,
): Record<string, Record<string, unknown>> {
  const namespaces: Record<string, Record<string, unknown>> = Object.create(null)
  for (const name of imports.keys()) {
    const namespace = modules[name]!.namespaceFor(user)
    namespaces[name] = user.context.copiesObjects ? wholeNamespace(namespace) : namespace
  }
  return namespaces
}
