import { autocannonEngine } from './autocannon/engine.ts'
import { microEngine } from './micro/engine.ts'
import type { Engine } from './port.ts'
import { sessionsEngine } from './sessions/engine.ts'

/** What can make a load, by name. */
export const engines = {
  sessions: sessionsEngine,
  autocannon: autocannonEngine,
  micro: microEngine,
} satisfies Record<string, Engine>

export type EngineName = keyof typeof engines
