import type { PoolSize } from './port.ts'

export const smallPool: PoolSize = { size: 5, overflow: 10 }
