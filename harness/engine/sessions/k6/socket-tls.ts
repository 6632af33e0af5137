import type { ConnectionOptions } from 'node:tls'
import type { VirtualUser } from '../vu.ts'

/** One object for all sessions: those that are given the same one share a secure context. */
const trustAll: ConnectionOptions = { rejectUnauthorized: false }

/** What `connectWebSocket` is told of TLS. */
export const tlsFor = (user: VirtualUser): { tls?: ConnectionOptions } =>
  user.context.options.insecureSkipTLSVerify ? { tls: trustAll } : {}
