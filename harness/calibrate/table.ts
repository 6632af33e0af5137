/** A calibration as text: pure. */
import type { Figure } from './bands.ts'
import type { Calibration, RowReport } from './calibration.ts'
import type { Control } from './evaluate.ts'
import type { PeerReport } from './peers/compare.ts'

const heading = ['', '', 'programmed', 'released', 'measured', 'error', 'allowed', '']

export const tableHeading = (): string =>
  [
    'programmed and released: what the oracle meant to do, and what its log says',
    'that it did. service: a request reached the oracle -> its last byte was handed',
    'to the socket there; measured: handed to the socket here -> last byte read here,',
    'so that the error contains what the wire costs. intended: the same from when the',
    'request was due. Judged are p50 and p99: within 1% or 0.25 ms. Start error:',
    'arrival at the oracle less the time it was due.',
  ].join('\n')

/** One row of the calibration with its figures. */
export const rowText = ({ name, requests, figures, notes, verdict }: RowReport): string =>
  [
    `${name} (${requests} requests)`,
    ...figureLines(figures),
    ...notes.map((note) => `  ${note}`),
    ...(verdict === 'disturbed' ? ['  disturbed: nothing can be said of it'] : []),
  ].join('\n')

/** What other tools measured of the same answers. */
export const peerText = ({ name, figures, notes }: PeerReport): string =>
  [`Peers: ${name}`, ...figureLines(figures), ...notes.map((note) => `  ${note}`)].join('\n')

function figureLines(figures: readonly Figure[]): string[] {
  const lines = [heading, ...figures.map(cells)]
  const widths = heading.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  return lines.map((line) =>
    `  ${line.map((cell, column) => align(cell, widths[column]!, column)).join('  ')}`.trimEnd(),
  )
}

const align = (cell: string, width: number, column: number): string =>
  column < 2 || column === 7 ? cell.padEnd(width) : cell.padStart(width)

function cells({ what, stat, programmed, released, measured, band, verdict }: Figure): string[] {
  const error = measured - released
  return [
    what,
    stat,
    number(programmed),
    number(released),
    number(measured),
    `${error > 0 ? '+' : ''}${number(error)}`,
    number(band),
    { in: 'ok', out: 'OUT OF BAND', disturbed: 'disturbed', shown: '' }[verdict],
  ]
}

const number = (value: number): string => (Number.isFinite(value) ? value.toFixed(3) : '')

export const controlsText = (controls: readonly Control[]): string =>
  [
    'What is wrong on purpose has to be noticed:',
    ...controls.map(
      ({ name, isDetected, evidence }) => `  ${isDetected ? 'noticed' : 'NOT NOTICED'}  ${name} (${evidence})`,
    ),
  ].join('\n')

/** The last line. */
export function verdictText({ rows, controls }: Calibration): string {
  const named = (verdict: string): string[] =>
    rows.filter((row) => row.verdict === verdict).map(({ name }) => `"${name}"`)
  const [out, disturbed] = [named('out'), named('disturbed')]
  const unnoticed = controls.filter(({ isDetected }) => !isDetected).map(({ name }) => `"${name}"`)
  const faults = [
    ...(out.length > 0 ? [`out of band: ${out.join(', ')}`] : []),
    ...(disturbed.length > 0 ? [`disturbed, try again on a quieter machine: ${disturbed.join(', ')}`] : []),
    ...(unnoticed.length > 0 ? [`wrong on purpose and not noticed: ${unnoticed.join(', ')}`] : []),
  ]
  return faults.length === 0
    ? 'calibrated: every judged number is in band, and every control failed as it must'
    : `NOT calibrated: ${faults.join('; ')}`
}
