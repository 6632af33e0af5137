import type { WebSocketFailure } from '../transport/websocket-errors.ts'

const closeNames: Readonly<Record<number, string>> = {
  1000: 'normal',
  1001: 'going away',
  1002: 'protocol error',
  1003: 'unsupported data',
  1005: 'no status',
  1006: 'abnormal closure',
  1007: 'invalid payload data',
  1008: 'policy violation',
  1009: 'message too big',
  1010: 'mandatory extension missing',
  1011: 'internal server error',
  1015: 'TLS handshake error',
}

/** How k6 tells that a session was closed, `websocket: close 1006 (abnormal closure): unexpected EOF`. */
export function closeMessage(code: number, reason: string): string {
  const name = closeNames[code]
  const text = reason === '' && code === 1006 ? 'unexpected EOF' : reason
  return `websocket: close ${code}${name ? ` (${name})` : ''}${text === '' ? '' : `: ${text}`}`
}

/** Normal ends are no errors to k6. */
export const isErrorToK6 = (code: number): boolean => code !== 1000 && code !== 1001

/** k6's words for a session that did not come about. */
export function failureMessage(error: WebSocketFailure & { address?: string; port?: number }): string {
  switch (error.code) {
    case 'ECONNREFUSED':
      return `dial tcp ${error.address ?? ''}:${error.port ?? ''}: connect: connection refused`
    case 'WS_HANDSHAKE_REFUSED':
    case 'WS_BAD_HANDSHAKE':
      return 'websocket: bad handshake'
    case 'WS_HANDSHAKE_TIMEOUT':
      return 'i/o timeout'
    default:
      return error.message
  }
}
