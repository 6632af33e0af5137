import { type Raw, wholeNumber } from './values.ts'

/** k6's options that decide how requests are made. */
export interface HttpOptions {
  discardResponseBodies: boolean
  userAgent: string
  maxRedirects: number
  /** The script or a flag says how many: k6 does not warn then when a chain is longer. */
  hasOwnMaxRedirects: boolean
  batch: number
  batchPerHost: number
  throw: boolean
  noCookiesReset: boolean
}

export const httpOptionNames = [
  'batch',
  'batchPerHost',
  'discardResponseBodies',
  'maxRedirects',
  'noCookiesReset',
  'throw',
  'userAgent',
] as const

/** @throws UserError naming the option */
export const readHttpOptions = (raw: Raw): HttpOptions => ({
  discardResponseBodies: raw.discardResponseBodies === true,
  userAgent: typeof raw.userAgent === 'string' ? raw.userAgent : 'weir/0.1.0',
  maxRedirects: wholeNumber(raw.maxRedirects ?? 10, 'options.maxRedirects'),
  hasOwnMaxRedirects: raw.maxRedirects !== undefined && raw.maxRedirects !== null,
  batch: wholeNumber(raw.batch ?? 20, 'options.batch'),
  batchPerHost: wholeNumber(raw.batchPerHost ?? 6, 'options.batchPerHost'),
  throw: raw.throw === true,
  noCookiesReset: raw.noCookiesReset === true,
})
