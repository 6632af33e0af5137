import type { MessagePort } from 'node:worker_threads'
import type { MakeRegistry } from '../registry/port.ts'
import type { SessionStates } from './port.ts'

/** One way of keeping session state, for one worker and for several. */
export interface StateKind {
  /** For a gateway of one worker. */
  local(registry: MakeRegistry): SessionStates
  /** Between threads: how the record of a session in shared memory is guarded, or that it has an owner to be asked. */
  across: 'lock-free' | 'locked' | 'owner'
  /** For a worker whose sessions have an owner. */
  ownedBy?(port: MessagePort): SessionStates
}
