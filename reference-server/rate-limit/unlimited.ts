import type { Decision, RateLimit } from './port.ts'

const always: Decision = { allowed: true, remaining: Number.POSITIVE_INFINITY, retryAfterS: 0 }

/** Where no limit is configured. */
export const unlimited: RateLimit = {
  open: async () => {},
  take: () => always,
  close: async () => {},
}
