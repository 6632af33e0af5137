import type { Exchange } from '../transport/exchange.ts'

/** k6's timings of one request, ms. `queued` and `intended` are weir's: see measurement, "three latencies". */
export interface Timings {
  duration: number
  blocked: number
  looking_up: number
  connecting: number
  tls_handshaking: number
  sending: number
  waiting: number
  receiving: number
  /** Intended start to handed to the socket. */
  readonly queued: number
  /** Intended start to last byte. */
  readonly intended: number
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

/** Own fields are k6's alone, in its order, so that what a script writes or counts of them is the same there. */
class RequestTimings implements Timings {
  readonly duration: number
  readonly blocked: number
  readonly looking_up = 0
  readonly connecting: number
  readonly tls_handshaking: number
  readonly sending: number
  readonly waiting: number
  readonly receiving: number
  readonly #exchange: Exchange

  constructor(exchange: Exchange) {
    this.duration = durationMs(exchange)
    this.blocked = blockedMs(exchange)
    this.connecting = exchange.connectingMs
    this.tls_handshaking = exchange.tlsHandshakingMs
    this.sending = sendingMs(exchange)
    this.waiting = waitingMs(exchange)
    this.receiving = receivingMs(exchange)
    this.#exchange = exchange
  }

  get queued(): number {
    return queuedMs(this.#exchange)
  }

  get intended(): number {
    return intendedDurationMs(this.#exchange)
  }
}

export const timingsOf = (exchange: Exchange): Timings => new RequestTimings(exchange)
