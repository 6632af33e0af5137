import type { Memory } from './port.ts'

const nothing: readonly string[] = []

/** Agents of a gateway that was given no memory service. */
export const noMemory: Memory = {
  ready: false,
  callsInFlight: 0,
  open: async () => {},
  recall: (_agent, _query, signal) => {
    signal.throwIfAborted()
    return nothing
  },
  close: async () => {},
}
