import { constants } from 'node:buffer'
import { errorCodes, type RequestFailure } from './failure.ts'

/** What a body may come to, in bytes, packed and unpacked. */
export interface BodyLimits {
  text: number
  binary: number
  /** Up to here a packed body is unpacked at once; a longer one beside the event loop, which it would hold up. */
  atOnce: number
}

/** V8 has no longer text. */
export const usualLimits: BodyLimits = { text: constants.MAX_STRING_LENGTH, binary: 2 ** 31, atOnce: 1024 * 1024 }

const remedies = {
  text: "does not fit into a text: set discardResponseBodies, or responseType to 'none' or, for up to 2 GiB, to 'binary'",
  binary: "is too long to be kept: set discardResponseBodies, or responseType to 'none'",
} as const

/** k6 has no limit but its memory, so it has no words for it. */
export const tooLong = (responseType: 'text' | 'binary', limit: number): RequestFailure => ({
  message: `the response body is longer than ${limit} bytes and ${remedies[responseType]}`,
  code: errorCodes.generic,
})
