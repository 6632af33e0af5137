import { ToolFailure } from '../failure.ts'

/** How many of the first unit of its line each unit is. */
const factors: readonly Readonly<Record<string, number>>[] = [
  { m: 1, mm: 0.001, cm: 0.01, km: 1_000, in: 0.0254, ft: 0.3048, yd: 0.9144, mi: 1_609.344 },
  { kg: 1, g: 0.001, mg: 0.000001, t: 1_000, oz: 0.028349523125, lb: 0.45359237 },
  { l: 1, ml: 0.001, m3: 1_000, gal: 3.785411784, floz: 0.0295735295625 },
  { s: 1, ms: 0.001, min: 60, h: 3_600, d: 86_400, week: 604_800 },
  { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, KiB: 1_024, MiB: 1_048_576, GiB: 1_073_741_824 },
]

const toKelvin: Record<string, (value: number) => number> = {
  K: (value) => value,
  C: (value) => value + 273.15,
  F: (value) => ((value + 459.67) * 5) / 9,
}

const fromKelvin: Record<string, (kelvin: number) => number> = {
  K: (kelvin) => kelvin,
  C: (kelvin) => kelvin - 273.15,
  F: (kelvin) => (kelvin * 9) / 5 - 459.67,
}

const known = [...factors.map((line) => Object.keys(line)), Object.keys(toKelvin)].map((units) => units.join(' '))

const convert = (value: number, from: string, to: string): number | undefined => {
  const line = factors.find((units) => Object.hasOwn(units, from) && Object.hasOwn(units, to))
  if (line) return (value * line[from]!) / line[to]!
  if (Object.hasOwn(toKelvin, from) && Object.hasOwn(fromKelvin, to)) return fromKelvin[to]!(toKelvin[from]!(value))
  return undefined
}

/** Gives number and unit, to 12 digits. */
export const run = ({ value, from, to }: { value: number; from: string; to: string }): string => {
  const converted = convert(value, from, to)
  if (converted !== undefined) return `${Number(converted.toPrecision(12))} ${to}`
  throw new ToolFailure(`${from} cannot be converted to ${to}; what can be, by kind: ${known.join('; ')}`)
}
