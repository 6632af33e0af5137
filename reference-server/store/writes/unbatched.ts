import type { WritePolicy } from './port.ts'

/** Each change is a transaction, on the one connection that reads use too. */
export const unbatchedWrites: WritePolicy = { writes: 1, ageMs: 0, retries: 15, readers: 0 }
