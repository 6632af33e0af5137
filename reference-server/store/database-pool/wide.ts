import type { PoolSize } from './port.ts'

export const widePool: PoolSize = { size: 100, overflow: 50 }
