import type { Socket } from 'node:net'
import { checkServerIdentity, type TLSSocket } from 'node:tls'

/** Why a request got no response, as k6 tells it: its `error` text and its numeric `error_code`. */
export interface RequestFailure {
  message: string
  code: number
}

/**
 * A failure's message up to what the server sent, which stands in quotes: failures of which it is the same are of one
 * kind, whatever garbage comes.
 */
export const withoutServersWords = (message: string): string => message.split('"', 1)[0]!

/** k6's documented error codes (lib/netext/httpext/error_codes). */
export const errorCodes = {
  generic: 1000,
  netNonTcp: 1010,
  invalidUrl: 1020,
  timeout: 1050,
  dnsGeneric: 1100,
  dnsNoIp: 1101,
  blockedAddress: 1110,
  blockedHostname: 1111,
  tcpGeneric: 1200,
  brokenPipe: 1201,
  unknownErrno: 1202,
  dialGeneric: 1210,
  dialTimeout: 1211,
  dialRefused: 1212,
  dialUnknownErrno: 1213,
  reset: 1220,
  tlsGeneric: 1300,
  tlsHeader: 1301,
  unknownAuthority: 1310,
  hostnameMismatch: 1311,
  decompression: 1701,
} as const

/** The server speaks another protocol from here on: to k6 a mistake of the script, and no request that failed. */
export const switchesProtocols: RequestFailure = {
  message: 'unsupported response status: 101 Switching Protocols',
  code: errorCodes.generic,
}

/** k6's words for the failures that every load meets: scripts and thresholds tell them apart by the tag `error`. */
const known: Record<string, RequestFailure> = {
  BLOCKED_HOSTNAME: { message: 'hostname is blocked', code: errorCodes.blockedHostname },
  BLOCKED_ADDRESS: { message: 'ip is blacklisted', code: errorCodes.blockedAddress },
  ENOTFOUND: { message: 'lookup: no such host', code: errorCodes.dnsNoIp },
  DIAL_TIMEOUT: { message: 'dial: i/o timeout', code: errorCodes.dialTimeout },
  ECONNREFUSED: { message: 'dial: connection refused', code: errorCodes.dialRefused },
  EPIPE: { message: 'write: broken pipe', code: errorCodes.brokenPipe },
  ERR_SSL_WRONG_VERSION_NUMBER: {
    message: 'tls: first record does not look like a TLS handshake',
    code: errorCodes.tlsHeader,
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    message: "x509: certificate doesn't match hostname",
    code: errorCodes.hostnameMismatch,
  },
}

const unknownAuthority: RequestFailure = { message: 'x509: unknown authority', code: errorCodes.unknownAuthority }
const unknownAuthorityCodes = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
])

/** What Go calls the alerts of TLS (RFC 8446, section 6) that servers send to clients. */
const alerts: Record<string, string> = {
  10: 'unexpected message',
  20: 'bad record MAC',
  22: 'record overflow',
  40: 'handshake failure',
  42: 'bad certificate',
  43: 'unsupported certificate',
  44: 'revoked certificate',
  45: 'expired certificate',
  46: 'unknown certificate',
  47: 'illegal parameter',
  48: 'unknown certificate authority',
  49: 'access denied',
  50: 'error decoding message',
  51: 'error decrypting message',
  70: 'protocol version not supported',
  71: 'insufficient security level',
  80: 'internal error',
  112: 'unrecognized name',
  116: 'certificate required',
  120: 'no application protocol',
}

interface SystemError extends Error {
  code?: string
  syscall?: string
  errno?: number
}

/** What an error of a socket is to k6. @param wasConnected TCP and, where asked for, TLS had been set up */
export function failureOf(error: SystemError, wasConnected: boolean): RequestFailure {
  const code = error.code ?? ''
  const message = error.message.trim() || code || 'connection failed'
  if (known[code]) return known[code]
  if (unknownAuthorityCodes.has(code)) return unknownAuthority
  if (code === 'ECONNRESET') return resetBy(error)
  if (code.startsWith('ERR_SSL')) return tlsFailure(message)
  if (code.startsWith('CERT_')) return { message: `x509: ${message}`, code: errorCodes.generic }
  if (error.syscall === 'getaddrinfo' || code.startsWith('EAI_')) return { message, code: errorCodes.dnsGeneric }
  // What the script's own rules leave of a name's addresses may be none.
  if (code === 'ENOADDRESS') return { message, code: errorCodes.generic }
  return systemFailure(error, message, wasConnected)
}

/** Node has one code for a reset and for a server that leaves within the handshake; only a reset has a system call. */
const resetBy = ({ syscall }: SystemError): RequestFailure =>
  syscall === undefined
    ? { message: 'EOF', code: errorCodes.generic }
    : { message: `${syscall === 'write' ? 'write' : 'read'}: connection reset by peer`, code: errorCodes.reset }

function tlsFailure(message: string): RequestFailure {
  const alert = /SSL alert number (\d+)/.exec(message)?.[1]
  if (alert === undefined) return { message: `tls: ${message}`, code: errorCodes.tlsGeneric }
  return { message: `remote error: tls: ${alerts[alert] ?? `alert(${alert})`}`, code: errorCodes.netNonTcp }
}

function systemFailure(error: SystemError, message: string, wasConnected: boolean): RequestFailure {
  if (wasConnected) return { message, code: errorCodes.tcpGeneric }
  if (error.errno === undefined) return { message, code: errorCodes.dialGeneric }
  return {
    message: `dial: unknown errno ${-error.errno} error with msg \`${message}\``,
    code: errorCodes.dialUnknownErrno,
  }
}

/** What is wrong with the server's certificate; a wrong name goes before an unknown authority, as in Go. */
export function identityOf(socket: Socket, hostname: string): Error | null {
  const secure = socket as TLSSocket
  const problem = secure.authorizationError as unknown as string | Error | null
  // Of a resumed session the certificate has been looked at.
  if (!problem && secure.isSessionReused()) return null
  const mismatch = checkServerIdentity(hostname, secure.getPeerCertificate())
  if (mismatch) return mismatch
  if (!problem) return null
  const code = typeof problem === 'string' ? problem : ((problem as SystemError).code ?? problem.message)
  return Object.assign(new Error(`certificate verification failed: ${code}`), { code })
}
