import type { Exchange } from '../transport/exchange.ts'

/** k6's timings of one request, ms. `queued` and `intended` are weir's: see measurement, "three latencies". */
export interface Timings {
  blocked: number
  looking_up: number
  connecting: number
  tls_handshaking: number
  sending: number
  waiting: number
  receiving: number
  duration: number
  /** Intended start to handed to the socket. */
  queued: number
  /** Intended start to last byte. */
  intended: number
}

const positive = (ms: number): number => (ms > 0 ? ms : 0)

// One function a stage, so that recording a request needs no object for its timings. Where a request failed on the
// way, the stages that it did not reach are 0.

export const blockedMs = ({ handedMs, askedMs }: Exchange): number => (handedMs > 0 ? positive(handedMs - askedMs) : 0)

export const sendingMs = ({ handedMs, sentMs }: Exchange): number => (handedMs > 0 ? sentMs - handedMs : 0)

export const waitingMs = ({ handedMs, sentMs, firstByteMs, lastByteMs }: Exchange): number =>
  handedMs > 0 ? positive((firstByteMs > 0 ? firstByteMs : lastByteMs) - sentMs) : 0

export const receivingMs = ({ firstByteMs, lastByteMs }: Exchange): number =>
  firstByteMs > 0 ? positive(lastByteMs - firstByteMs) : 0

/** The service time: handed to the socket to last byte. */
export const durationMs = ({ handedMs, lastByteMs }: Exchange): number => (handedMs > 0 ? lastByteMs - handedMs : 0)

/** From when it should have started until it was handed to the socket. */
export const queuedMs = ({ intendedMs, handedMs, lastByteMs }: Exchange): number =>
  (handedMs > 0 ? handedMs : lastByteMs) - intendedMs

export const intendedDurationMs = ({ intendedMs, lastByteMs }: Exchange): number => lastByteMs - intendedMs

export const timingsOf = (exchange: Exchange): Timings => ({
  blocked: blockedMs(exchange),
  looking_up: 0,
  connecting: exchange.connectingMs,
  tls_handshaking: exchange.tlsHandshakingMs,
  sending: sendingMs(exchange),
  waiting: waitingMs(exchange),
  receiving: receivingMs(exchange),
  duration: durationMs(exchange),
  queued: queuedMs(exchange),
  intended: intendedDurationMs(exchange),
})
