import { describeMetric, metricTable } from '../../../harness/metrics/table.ts'
import type { Observation, Run, Series, StoredHistogram, TrialRecord } from '../../../harness/record/schema.ts'
import { type Random, seededRandom } from '../../support/random.ts'
import { type GoldenVariant, goldenRun, goldenVariants } from '../../support/records.ts'

export interface LargeRunSize {
  variants: number
  scenarios: number
  blocks: number
}

/**
 * A finished campaign of this size whose records are as large as those of a campaign of the reference server: about 350
 * observations, 30 histograms and 20 series a trial, of which two fifths say the same of a k6 scenario and its phase.
 */
export function largeRun({ variants, scenarios, blocks }: LargeRunSize, seed = 7): Run {
  const random = seededRandom(seed)
  const golden = goldenRun({ samples: 2000, blocks, variants: manyVariants(variants) })
  const names = golden.header.scenarios.map(({ name }) => name)
  const copies = Array.from({ length: scenarios }, (_, at) => ({
    of: names[at % names.length]!,
    name: `scenario-${at + 1}`,
  }))
  const records = copies.flatMap(({ of, name }) =>
    golden.records
      .filter(({ scenario }) => scenario === of)
      .map((record) => enlarged({ ...record, scenario: name }, random)),
  )
  const inOrder = records.sort((a, b) => a.key.block - b.key.block).map((record, at) => ({ ...record, trial: at + 1 }))
  return {
    header: {
      ...golden.header,
      scenarios: copies.map(({ of, name }) => ({ ...golden.header.scenarios.find((each) => each.name === of)!, name })),
    },
    records: inOrder,
  }
}

const manyVariants = (count: number): GoldenVariant[] =>
  Array.from({ length: count }, (_, at) => ({
    ...goldenVariants[at % goldenVariants.length]!,
    name: `variant-${at + 1}`,
  }))

/** What k6 measures of every request, session and iteration, beside what the golden run has. */
const times = metricTable
  .filter(({ source, kind, name }) => source === 'k6' && kind === 'trend' && name !== 'ws_ping')
  .map(({ name }) => name)
const stats = ['avg', 'min', 'p(50)', 'p(90)', 'p(95)', 'p(99)', 'max']

function enlarged(record: TrialRecord, random: Random): TrialRecord {
  const phases = record.phases.map(({ name }) => name)
  const observations = times.flatMap((metric) => [
    ...observationsOf({ metric }, random),
    ...phases.flatMap((name) => {
      const inScenario = observationsOf({ metric, scenario: name }, random)
      return [...inScenario, ...inScenario.map(({ scenario: _, ...each }) => ({ ...each, phase: name }))]
    }),
  ])
  return {
    ...record,
    observations: [...record.observations, ...observations],
    histograms: [...record.histograms, ...times.flatMap((metric) => copiesOf(record.histograms, metric))],
    series: [
      ...record.series,
      ...record.series.map((each): Series => ({ ...each, metric: `generator_${each.metric}` })),
    ],
  }
}

function observationsOf(of: Pick<Observation, 'metric' | 'scenario'>, random: Random): Observation[] {
  const { unit, better, source } = describeMetric(of.metric)
  const typicalMs = 40 * Math.exp(0.3 * random.normal())
  return stats.map((stat, at) => {
    // To the microsecond, as they are recorded; an average has all digits.
    const value = typicalMs * (1 + at / 4) * (1 + 0.05 * random.normal())
    return {
      ...of,
      stat,
      value: stat === 'avg' ? value : Math.round(value * 1000) / 1000,
      unit,
      better,
      source,
      n: 4000,
    }
  })
}

/** Under another name: what is in them makes no difference to what they cost. */
const copiesOf = (histograms: readonly StoredHistogram[], metric: string): StoredHistogram[] =>
  histograms.filter((each) => each.metric === 'turn_duration').map((each) => ({ ...each, metric }))
