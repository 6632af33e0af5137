import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

const bearer = /^Bearer +(\S+)$/i

/** Who calls: the key pays for calls to the model, the app owns the sessions. */
export interface Caller {
  apiKey: string
  app: string
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** The keys that the gateway knows, with the app of each. */
export class KnownKeys {
  readonly #known: readonly { digest: Buffer; caller: Caller }[]

  constructor(callers: readonly Caller[]) {
    this.#known = callers.map((caller) => ({ digest: digest(caller.apiKey), caller }))
  }

  /** Every known key is compared, and whole digests are: the time tells nothing of how much of a guess is right. */
  find(key: string | undefined): Caller | undefined {
    if (key === undefined) return undefined
    const asked = digest(key)
    let found: Caller | undefined
    for (const { digest: known, caller } of this.#known) if (timingSafeEqual(known, asked)) found = caller
    return found
  }
}

/** The API key that a request's headers name, known or not. */
export const keyOfHeaders = (headers: IncomingHttpHeaders): string | undefined => {
  const own = headers['x-api-key']
  return typeof own === 'string' ? own : bearer.exec(headers.authorization ?? '')?.[1]
}
