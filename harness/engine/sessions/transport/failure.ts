/** Why a request got no response, as k6 tells it: its `error` text and its numeric `error_code`. */
export interface RequestFailure {
  message: string
  code: number
}

/** k6's documented error codes (lib/netext/httpext/error_codes). */
export const errorCodes = {
  generic: 1000,
  invalidUrl: 1020,
  timeout: 1050,
  dnsGeneric: 1100,
  dnsNoIp: 1101,
  tcpGeneric: 1200,
  brokenPipe: 1201,
  dialGeneric: 1210,
  dialTimeout: 1211,
  dialRefused: 1212,
  reset: 1220,
  tlsGeneric: 1300,
  tlsHeader: 1301,
  unknownAuthority: 1310,
  hostnameMismatch: 1311,
} as const

const byNodeCode: Record<string, number> = {
  ENOTFOUND: errorCodes.dnsNoIp,
  EAI_AGAIN: errorCodes.dnsGeneric,
  ECONNREFUSED: errorCodes.dialRefused,
  ETIMEDOUT: errorCodes.dialTimeout,
  ECONNRESET: errorCodes.reset,
  EPIPE: errorCodes.brokenPipe,
  ERR_SSL_WRONG_VERSION_NUMBER: errorCodes.tlsHeader,
  ERR_TLS_CERT_ALTNAME_INVALID: errorCodes.hostnameMismatch,
  DEPTH_ZERO_SELF_SIGNED_CERT: errorCodes.unknownAuthority,
  SELF_SIGNED_CERT_IN_CHAIN: errorCodes.unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: errorCodes.unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: errorCodes.unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: errorCodes.unknownAuthority,
}

/** k6's words for the failures that every load meets: scripts and thresholds tell them apart by the tag `error`. */
const messages: Record<number, string> = {
  [errorCodes.dnsNoIp]: 'lookup: no such host',
  [errorCodes.dialRefused]: 'dial: connection refused',
  [errorCodes.dialTimeout]: 'dial: i/o timeout',
  [errorCodes.reset]: 'read: connection reset by peer',
  [errorCodes.brokenPipe]: 'write: broken pipe',
  [errorCodes.tlsHeader]: 'tls: first record does not look like a TLS handshake',
}

export function failureOf(error: Error & { code?: string; errors?: Error[] }, wasConnected: boolean): RequestFailure {
  // Several addresses tried (happy eyeballs): the first failure names the cause.
  const cause = (error.errors?.[0] ?? error) as Error & { code?: string }
  const code = cause.code ?? ''
  const known = byNodeCode[code]
  const message = cause.message || code || 'connection failed'
  if (code === 'ETIMEDOUT' && wasConnected) return { message, code: errorCodes.tcpGeneric }
  if (known !== undefined) return { message: messages[known] ?? message, code: known }
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) return { message, code: errorCodes.tlsGeneric }
  if (/self.signed|certificate|unable to (get|verify)/i.test(message))
    return { message, code: errorCodes.unknownAuthority }
  return { message, code: wasConnected ? errorCodes.tcpGeneric : errorCodes.dialGeneric }
}
