import type { AssembledParts } from '../assembly.ts'
import type { GatewayConfig } from './config.ts'
import type { Lifecycle } from './lifecycle.ts'
import { deadlinePassed, tooMany } from './problems.ts'

/** What asks the model for something on behalf of an app: a turn, or a request that is passed through. */
export interface ModelWork {
  /** For whoever is told that it took too long: `the turn`. */
  readonly what: string
  readonly app: string
  /** Aborted when the client goes, or the work's time is up. */
  readonly cancel: AbortController
  readonly lifecycle: Lifecycle
}

export type WorkLimits = Pick<GatewayConfig, 'turnTimeoutMs' | 'rateLimit' | 'rateWindowMs'>

/**
 * Does work when its app may have more of it and a permit is free. All that calls the model goes through here, so that
 * one limit holds for an app and one bound for the model, whichever way it is asked.
 * @throws Problem 429 or 503, or the reason with which the work was aborted: 504 where waiting and work took too long
 */
export const runAdmitted = async <T>(
  { rateLimit, admission }: Pick<AssembledParts, 'rateLimit' | 'admission'>,
  { what, app, cancel, lifecycle }: ModelWork,
  limits: WorkLimits,
  work: () => Promise<T>,
): Promise<T> => {
  const { turnTimeoutMs } = limits
  const late = (): void => cancel.abort(deadlinePassed(`${what} took longer than ${turnTimeoutMs} ms`))
  const timer = setTimeout(late, turnTimeoutMs)
  try {
    if (limits.rateLimit > 0) {
      const { allowed, retryAfterS } = await rateLimit.take(app)
      if (!allowed) throw tooMany(app, retryAfterS)
    }
    await admission.admit(cancel.signal)
    try {
      lifecycle.mark('admitted')
      return await work()
    } finally {
      admission.release()
    }
  } finally {
    clearTimeout(timer)
  }
}
