import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { makeLockFree } from '../../../reference-server/registry/lock-free.ts'
import { channelKind, type OwnerThread, startOwnerThread } from '../../../reference-server/state/channel.ts'
import type { StateKind } from '../../../reference-server/state/kind.ts'
import type { SessionStates } from '../../../reference-server/state/port.ts'
import { keys, newState } from './sessions.ts'

/** The gateway's own way of keeping sessions, with all of ours in it. */
export const localStates = (kind: StateKind): Promise<SessionStates> => filled(kind.local(makeLockFree))

/** The thread that owns the sessions, and a way to it for each of those that ask. */
export const owner = {
  share: startOwnerThread,
  hand(shared: unknown): { value: MessagePort; moved: MessagePort[] } {
    const { port1, port2 } = new MessageChannel()
    ;(shared as OwnerThread).serve(port1)
    return { value: port2, moved: [port2] }
  },
}

/** The sessions of an owner, as one who asks sees them. */
export const ownedStates = (port: unknown): Promise<SessionStates> => filled(channelKind.ownedBy!(port as MessagePort))

async function filled(states: SessionStates): Promise<SessionStates> {
  await states.open()
  for (const key of keys) await states.add(newState(key))
  return states
}
