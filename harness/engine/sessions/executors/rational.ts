/** An exact fraction in lowest terms; `den` is positive. */
export interface Rational {
  readonly num: bigint
  readonly den: bigint
}

export const zero: Rational = { num: 0n, den: 1n }
export const one: Rational = { num: 1n, den: 1n }

export function rational(num: bigint, den: bigint): Rational {
  const divisor = greatestDivisor(num < 0n ? -num : num, den)
  return { num: num / divisor, den: den / divisor }
}

export const minus = (a: Rational, b: Rational): Rational => rational(a.num * b.den - b.num * a.den, a.den * b.den)

/** Below 0: a is the smaller one; 0: they are equal. */
export function compare(a: Rational, b: Rational): number {
  const difference = a.num * b.den - b.num * a.den
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** `1/3`, or `1` where nothing is left below the line. */
export const rationalText = ({ num, den }: Rational): string => (den === 1n ? `${num}` : `${num}/${den}`)

export const leastMultiple = (a: bigint, b: bigint): bigint => (a / greatestDivisor(a, b)) * b

/** @returns the greatest common divisor; 1 for two zeros, so that it can always be divided by */
function greatestDivisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b]
  return a === 0n ? 1n : a
}

const percentage = /^([+-]?\d+)%$/
const fraction = /^([+-]?\d+)\/(\d+)$/
const decimal = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d{1,3}))?$/i

/** `50%`, `1/3`, `0.25`, `1e-1`; null for what is none of them. */
export function parseRational(text: string): Rational | null {
  const [, percents] = percentage.exec(text) ?? []
  if (percents !== undefined) return rational(BigInt(percents), 100n)
  const [, above, below] = fraction.exec(text) ?? []
  if (above !== undefined) return BigInt(below!) === 0n ? null : rational(BigInt(above), BigInt(below!))
  return parseDecimal(text)
}

function parseDecimal(text: string): Rational | null {
  const [, sign, whole = '', places = '', exponent = '0'] = decimal.exec(text) ?? []
  if (sign === undefined || whole + places === '') return null
  const digits = BigInt(whole + places) * (sign === '-' ? -1n : 1n)
  const shift = Number(exponent) - places.length
  return shift >= 0 ? rational(digits * 10n ** BigInt(shift), 1n) : rational(digits, 10n ** BigInt(-shift))
}
