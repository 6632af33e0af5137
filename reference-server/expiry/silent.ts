import type { Expiry, ExpiryNeeds } from './port.ts'
import { Sweeper } from './sweeper.ts'

/** Failures are swallowed, and the next attempt comes as soon as after a success. */
export const silentExpiry = (needs: ExpiryNeeds): Expiry => new Sweeper(needs, () => needs.config.expiryEveryMs)
