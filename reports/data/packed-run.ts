import { type Layout, layoutOf } from '../../harness/compare/layout.ts'
import { writtenKey } from '../../harness/compare/observation-id.ts'
import {
  type Observation,
  type Run,
  type RunHeader,
  recordSchema,
  type TrialRecord,
} from '../../harness/record/schema.ts'
import { DistinctArrays, type Member } from './distinct-arrays.ts'
import { rowOf } from './metric-row.ts'

/**
 * The figures of a run by columns, a tenth of its records: what a page can carry. A column has a place for each trial of its
 * scenario, variant by variant (`sideBySide`).
 */
export interface PackedRun {
  header: RunHeader
  scenarios: { name: string; trials: PackedTrial[]; figures: PackedFigure[] }[]
  /** Each once: a load of one part has most numbers twice. */
  columns: Column[]
  digits: Digits
}

/** Significant digits that are kept; null: all of them. */
export interface Digits {
  /** Of what verdicts and their doubts stand on. */
  headlines: number | null
  details: number | null
}

type PackedTrial = Pick<TrialRecord, 'trial' | 'variant' | 'key' | 'invalid' | 'failure'>

/** What all its numbers have in common; `values` and `n` are places in `columns`. */
interface PackedFigure extends Omit<Observation, 'value' | 'n'> {
  values: number
  n: number
}

/** Null: not observed; false: observed, and not a number. */
type Column = Member[]

const all: Digits = { headlines: null, details: null }

/** What a page of 2 MB may have to do with, the more exact first, and how many figures can be expected to fit into it so. */
const steps: readonly { digits: Digits; figures: number }[] = [
  { digits: all, figures: 150_000 },
  { digits: { headlines: null, details: 4 }, figures: 300_000 },
  { digits: { headlines: 6, details: 3 }, figures: 700_000 },
  { digits: { headlines: 5, details: 2 }, figures: 780_000 },
  { digits: { headlines: 4, details: 2 }, figures: 950_000 },
  { digits: { headlines: 3, details: 2 }, figures: Number.POSITIVE_INFINITY },
]

/** The digits that may fit into a page, and then those to try where they do not. */
export function digitsToTry({ records }: Run): Digits[] {
  const figures = records.reduce((sum, { observations }) => sum + observations.length, 0)
  return steps.slice(steps.findIndex((step) => figures <= step.figures)).map(({ digits }) => digits)
}

/** @param run whose records hold at least what `figuresOnly` says */
export function packRun({ header, records }: Run, digits = all): PackedRun {
  const columns = new Columns()
  const names = [...new Set(records.map(({ scenario }) => scenario))]
  const scenarios = names.map((name) => {
    const trials = sideBySide(records.filter(({ scenario }) => scenario === name))
    return { name, trials: trials.map(packedTrial), figures: packedFigures(trials, columns, digits) }
  })
  return { header, scenarios, columns: columns.all, digits }
}

/** By variant: what one of them was like in one block it was nearly like in the next, and small steps take few bytes. */
const sideBySide = (trials: readonly TrialRecord[]): TrialRecord[] =>
  [...Map.groupBy(trials, ({ variant }) => variant).values()].flat()

const packedTrial = ({ trial, variant, key, invalid, failure }: TrialRecord): PackedTrial => ({
  ...{ trial, variant, key, invalid },
  ...(failure ? { failure: { ...failure, outputTail: [] } } : {}),
})

/** Columns that are alike are one. */
class Columns {
  readonly all: Column[] = []
  readonly #known = new DistinctArrays<number>()

  placeOf(column: Column): number {
    return this.#known.placeOf(column, () => this.all.push(column) - 1)
  }
}

function packedFigures(trials: readonly TrialRecord[], columns: Columns, digits: Digits): PackedFigure[] {
  return figuresOf(trials).map(({ example: { value: _, n: __, ...facts }, observed }) => {
    const round = roundedTo(isDetail(facts) ? digits.details : digits.headlines)
    const values = trials.map((_, at): Column[number] => {
      const value = observed[at]?.value
      return value === undefined ? null : Number.isFinite(value) && round(value)
    })
    const samples = trials.map((_, at) => observed[at]?.n ?? null)
    return { ...facts, values: columns.placeOf(values), n: columns.placeOf(samples) }
  })
}

/** What verdicts and their doubts stand on is rounded less, if at all: far less than it differs from trial to trial. */
const isDetail = (facts: Pick<Observation, 'metric' | 'stat' | 'unit' | 'better'>): boolean =>
  facts.unit !== 'share' && rowOf(facts).rank === 'detail'

const roundedTo = (digits: number | null) => (value: number) =>
  digits === null ? value : Number(value.toPrecision(digits))

interface Figure {
  example: Observation
  /** By trial. */
  observed: (Observation | undefined)[]
}

/** By what tells one number of a record from the others; the same twice in a record are two figures. */
function figuresOf(trials: readonly TrialRecord[]): Figure[] {
  const byKey = new Map<string, Figure>()
  const byLayout = new Map<Layout, Figure[]>()
  trials.forEach(({ observations }, at) => {
    const layout = layoutOf(observations)
    let figures = byLayout.get(layout)
    if (!figures) byLayout.set(layout, (figures = figuresIn(observations, byKey, trials.length)))
    observations.forEach((each, place) => void (figures[place]!.observed[at] = each))
  })
  return [...byKey.values()]
}

/** Of each number of a record its figure, made where there is none yet. */
function figuresIn(observations: readonly Observation[], byKey: Map<string, Figure>, trials: number): Figure[] {
  const taken = new Set<Figure>()
  return observations.map((example) => {
    let key = `${writtenKey(example, example)}\n${example.unit}\n${example.better}`
    while (taken.has(byKey.get(key)!)) key += '\nagain'
    let figure = byKey.get(key)
    if (!figure) byKey.set(key, (figure = { example, observed: Array(trials).fill(undefined) }))
    taken.add(figure)
    return figure
  })
}

/** The run again: its header, and of its records what tells what was observed and whether it may be used. In order of trials. */
export function unpackRun({ header, scenarios, columns }: PackedRun): Run {
  const records = scenarios.flatMap(({ name, trials, figures }) =>
    trials.map((trial, at) => {
      const observations = figures.flatMap(({ values, n, ...facts }): Observation[] => {
        const value = columns[values]![at]
        if (value === null || value === undefined) return []
        const samples = columns[n]![at]
        return [
          {
            ...facts,
            value: value === false ? Number.NaN : value,
            ...(typeof samples === 'number' ? { n: samples } : {}),
          },
        ]
      })
      return figuresOnly({ ...trial, scenario: name, observations })
    }),
  )
  return { header, records: records.sort((a, b) => a.trial - b.trial) }
}

/** A record without all that is no figure. */
const figuresOnly = (
  kept: Pick<TrialRecord, 'trial' | 'variant' | 'key' | 'invalid' | 'failure' | 'scenario' | 'observations'>,
): TrialRecord => ({
  ...{ schema: recordSchema, run: '', engine: '', startedAt: '', durationS: 0, primary: '' },
  ...{ phases: [], histograms: [], series: [], thresholds: [], checks: [], drift: [], notes: [], warnings: [] },
  pinning: { target: null, rest: null, note: '' },
  ...kept,
})
