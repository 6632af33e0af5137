import type { Run } from '../../record/schema.ts'
import { clip, groupByWidth, layOut, plain, widthOf, wrap } from '../columns.ts'
import { counted, formatPercent, formatPercentRange, formatValue } from '../figures.ts'
import type { TableOptions } from '../table.ts'
import { kneeShare } from './knee.ts'
import { leftOutInWords } from './left-out.ts'
import { type SaturatedVariant, type Saturation, saturationOf } from './saturation.ts'
import { crossCheckInWords, kneeInWords, rateInWords, remarksOn, throughputInWords, whyNoHigherRate } from './words.ts'

/** The terminal table of a saturation: maxima with knees, the highest rates, the curves, and whether the engines agree. */
export function formatSaturationTable(run: Run, { width }: TableOptions): string {
  const found = saturationOf(run)!
  const sections = [
    [
      clip(`${plain(run.header.campaign)}: how much each variant can take`, width),
      ...wrap(
        `the knee: the least connections with ${100 * kneeShare}% of the maximum; intervals: Student's t at 95% over blocks`,
        width,
      ),
    ],
    maxima(run, found, width),
    ...(found.plan.rate ? [rates(found, width)] : []),
    curves(found, width),
    ...(found.crossCheck ? [wrap(plain(crossCheckInWords(found.crossCheck)), width)] : []),
    ...leftOutInWords(run.header).map((words) => wrap(plain(words), width)),
    ...remarks(found, width),
    ...unusable(found, width),
  ]
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function maxima({ header: { baseline } }: Run, { variants }: Saturation, width: number): string[] {
  return layOut(
    [
      { title: 'variant', align: 'left', minWidth: 12, cells: variants.map(({ variant }) => plain(variant)) },
      {
        title: 'maximum',
        align: 'right',
        cells: variants.map(({ maximum }) => (maximum ? throughputInWords(maximum) : '-')),
      },
      { title: 'knee', align: 'right', cells: variants.map(({ knee }) => kneeInWords(knee)) },
      {
        title: `/ ${clip(plain(baseline), 12)}`,
        align: 'right',
        cells: variants.map((each) => (each.variant === baseline ? '' : againstInWords(each))),
      },
    ],
    width,
  )
}

function againstInWords({ againstBaseline }: SaturatedVariant): string {
  if (!againstBaseline) return '-'
  const { estimate, lower, upper } = againstBaseline
  return lower === null || upper === null ? formatPercent(estimate) : formatPercentRange(lower, upper)
}

function rates({ variants, plan }: Saturation, width: number): string[] {
  const limits = plan.rate!.holds.map(({ metric, expression }) => `${metric}: ${expression}`).join(', ')
  return [
    ...wrap(
      plain(`highest arrival rate of ${plan.rate!.scenario} at which ${limits}, dropped arrivals at most 0.1%`),
      width,
    ),
    ...layOut(
      [
        { title: 'variant', align: 'left', minWidth: 12, cells: variants.map(({ variant }) => plain(variant)) },
        { title: 'rate', align: 'left', cells: variants.map(rateInWords) },
        { title: 'tries', align: 'right', cells: variants.map(({ rate }) => String(rate?.tries.length ?? 0)) },
      ],
      width,
    ),
    ...variants.flatMap((each) => {
      const why = whyNoHigherRate(each)
      return why === null ? [] : wrap(plain(`${each.variant} ${why}`), width)
    }),
  ]
}

/** Throughput, and the typical latency with it. */
function curves({ variants, plan }: Saturation, width: number): string[] {
  const { connections } = plan.sweep
  const cells = ({ throughput, latency }: SaturatedVariant): string[] =>
    connections.map((count) => {
      const point = throughput.find((each) => each.connections === count)
      const typical = latency[0]!.points.find((each) => each.connections === count)
      if (!point) return '-'
      return [formatValue(point.estimate, 'per second'), typical ? formatValue(typical.estimate, 'ms') : '']
        .join('  ')
        .trim()
    })
  const counts = { title: 'connections', align: 'right' as const, cells: connections.map(String) }
  const columns = variants.map((variant) => ({
    title: clip(plain(variant.variant), 20),
    align: 'right' as const,
    cells: cells(variant),
  }))
  return groupByWidth(columns, width - 2 - widthOf(counts)).flatMap((group, at) => [
    ...(at > 0 ? [''] : []),
    ...layOut([counts, ...group], width),
  ])
}

function remarks({ variants }: Saturation, width: number): string[][] {
  const lines = variants.flatMap((each) =>
    remarksOn(each).flatMap((words) => wrap(plain(`${each.variant}: ${words}`), width)),
  )
  return lines.length === 0 ? [] : [lines]
}

function unusable({ variants }: Saturation, width: number): string[][] {
  const lines = variants.flatMap(({ variant, unusable: without }) =>
    without
      ? wrap(
          plain(`${variant}: ${counted(without.trials, 'trial')} of the sweep cannot be used: ${without.why}`),
          width,
        )
      : [],
  )
  return lines.length === 0 ? [] : [lines]
}
