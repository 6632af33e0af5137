import { type Endpoint, endpointOf } from '../transport/endpoint.ts'
import type { VirtualUser } from '../users/vu.ts'
import { cookiesOf } from './cookie-jar.ts'
import { type CookieStore, cookieHeader } from './cookie-store.ts'
import { readSetCookies } from './set-cookie.ts'

/** The Cookie header of a session: what the script wrote itself, and the cookies of the jar. */
export function cookiesToSend(user: VirtualUser, jar: CookieStore | null, { parts }: Endpoint, own: string): string {
  const kept = (jar ?? user.cookies)?.for(parts) ?? []
  return [own, cookieHeader(kept)].filter((text) => text !== '').join('; ')
}

/** Keeps what the answer to a session sets. */
export function keepCookies(user: VirtualUser, jar: CookieStore | null, { parts }: Endpoint, head: string): void {
  if (!/\r\nset-cookie:/i.test(head)) return
  const cookies = readSetCookies(head)
  if (cookies.length > 0) (jar ?? cookiesOf(user)).set(parts, cookies)
}

/** To a jar, `ws:` is `http:`. */
export const endpointOfSocket = (url: string): Endpoint => endpointOf(url.replace(/^ws/i, 'http'))
