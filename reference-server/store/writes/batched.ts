import type { WritePolicy } from './port.ts'

/** Many changes share one commit; reads have connections of their own. */
export const batchedWrites: WritePolicy = { writes: 50, ageMs: 100, retries: 3, readers: 5 }
