import type { NumberValues, RunValues } from '../../harness/record/schema.ts'

/** What is kept of small runs, for tests of baseline and history. */

export const numberOf = (values: number[], change: Partial<NumberValues> = {}): NumberValues => ({
  scenario: 's',
  variant: 'v',
  metric: 'turn p(50)',
  unit: 'ms',
  better: 'lower',
  primary: true,
  ...change,
  values: values.map((value, at) => ({ pair: at + 1, value })),
})

export const machineOf = (fingerprint: string): RunValues['machine'] => ({
  fingerprint,
  cpu: 'c',
  cores: 2,
  memoryMB: 8000,
  kernel: 'k',
  node: 'v24',
})

export const runValuesOf = (numbers: NumberValues[], change: Partial<RunValues> = {}): RunValues => ({
  run: 'later',
  campaign: 'main',
  startedAt: '2026-11-21T03:15:02.000Z',
  load: 'campaign',
  mode: 'trials',
  eventLoopSampling: 'interval',
  machine: machineOf('f1'),
  weir: '0',
  git: null,
  numbers,
  ...change,
})

/** A history: the n-th run (1-based) on the n-th day of November, at commit `n` repeated; `of` tells its numbers. */
export const historyOf = (
  length: number,
  of: (day: number) => NumberValues[],
  change: (day: number) => Partial<RunValues> = () => ({}),
): RunValues[] =>
  Array.from({ length }, (_, at) => {
    const day = String(at + 1).padStart(2, '0')
    return runValuesOf(of(at + 1), {
      run: `run-${day}`,
      startedAt: `2026-11-${day}T03:15:02.000Z`,
      git: { commit: day.repeat(20), branch: 'main', dirty: false },
      ...change(at + 1),
    })
  })
