import { Pool } from 'undici'

/** Shorter than the stubs', so that it is never the server that closes a connection that is just being used. */
const keepAliveMs = 300_000

/**
 * Connections to one server that are kept alive; over TLS, new ones resume the session of the last.
 * @param connections at most; without it as many as there are exchanges at once
 */
export const keptAlive = (url: URL, authority: string, connections?: number): Pool =>
  new Pool(url.origin, {
    ...(connections === undefined ? {} : { connections }),
    pipelining: 1,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    connect: { ca: authority },
  })

/** The path of a base URL such as `https://host:8443/base/`, without a slash at its end. */
export const basePathOf = (url: URL): string => url.pathname.replace(/\/$/, '')
