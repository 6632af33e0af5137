import type { Unit } from '../../harness/metrics/table.ts'

const scales: Record<string, number> = { '': 1, B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, M: 1e6, G: 1e9 }

/**
 * Whether a text such as `1,234`, `43.1 ms` or `99.98%` is this value, rounded to the digits that the text shows.
 *
 * @throws Error where the text has no number in it
 */
export function shows(text: string, value: number, unit: Unit): boolean {
  const match = /^([−-]?)([\d,]+(?:\.(\d+))?)\s*(\D*)$/.exec(text.trim())
  if (!match) throw new Error(`"${text}" is not a number with a unit`)
  const [, sign, digits = '', decimals = '', suffix = ''] = match
  const isScaled = unit === 'bytes' || unit === 'instructions'
  const scale = isScaled ? scales[suffix.trim()]! : unit === 'share' ? 0.01 : 1
  const shown = Number(digits.replaceAll(',', '')) * (sign ? -1 : 1)
  const halfStep = 0.5 * 10 ** -decimals.length
  return Math.abs(shown - value / scale) <= halfStep * (1 + 1e-6)
}
