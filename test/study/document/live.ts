import { conditions } from '../conditions.ts'
import { markdownTable, signedPercent } from './text.ts'

/** What `weir compare --json` wrote of a comparison that was run for this study, as far as it is shown. */
export interface LiveComparison {
  comparisons: {
    variant: string
    against: string
    metric: string
    /** Ratio minus one, with its bounds; null where there was no interval. */
    estimate: number | null
    lower: number | null
    upper: number | null
    pairs: number
    looks: unknown[]
    verdict: string
  }[]
  validPairs: number
  invalidPairs: number
  seed: number
}

/** Comparisons that were run and not drawn: nothing is resampled here. */
export function liveSection(live: readonly LiveComparison[]): string {
  return [
    '## Live comparisons',
    '',
    'Run with `weir compare` itself, from processes and loads to the verdict, some with its default metric and margins, some with three metrics and none:',
    '',
    '```sh',
    'npm run weir -- compare control control-again --scenario requests-1 --config test/study/weir.config.ts \\',
    '  --json docs/study/data/live-01.json',
    'npm run weir -- compare control control-again --scenario requests-1 --config test/study/weir.config.ts \\',
    "  --margin 0% --metric 'target_cpu_per_op{phase:capacity} value' --metric 'throughput{phase:capacity} value' \\",
    "  --metric 'http_req_duration{scenario:capacity} p(50)' --budget 6.5m --json docs/study/data/live-06.json",
    '```',
    '',
    ...(live.length === 0 ? ['None has been run yet.'] : [summary(live), '', tableOf(live)]),
  ].join('\n')
}

function summary(live: readonly LiveComparison[]): string {
  const { tried, changed } = liveTwins(live)
  return `Of ${tried} verdicts about identical servers ${changed} say that something changed. So few show no share of errors as small as is asked for; they would show a fault of the way in which pairs are run, which the drawn comparisons share.`
}

/** Comparisons of identical servers, their verdicts, and how many of these say that something changed. */
export function liveTwins(live: readonly LiveComparison[]): { comparisons: number; tried: number; changed: number } {
  const twins = live.map(({ comparisons }) => comparisons.filter(({ variant }) => variant === 'control-again'))
  const verdicts = twins.flat().map(({ verdict }) => verdict)
  return {
    comparisons: twins.filter((each) => each.length > 0).length,
    tried: verdicts.length,
    changed: verdicts.filter((verdict) => verdict === 'regressed' || verdict === 'improved').length,
  }
}

const tableOf = (live: readonly LiveComparison[]): string =>
  markdownTable(
    ['comparison', 'metric', 'estimate', 'interval', 'pairs', 'looks', 'verdict'],
    live.flatMap(({ comparisons, validPairs, invalidPairs, seed }, at) =>
      comparisons.map(({ variant, metric, estimate, lower, upper, pairs, looks, verdict }) => [
        `${at + 1}: ${titleOf(variant)} (seed ${seed}, ${validPairs} valid pairs, ${invalidPairs} not)`,
        `\`${metric}\``,
        estimate === null ? '-' : signedPercent(estimate),
        lower === null || upper === null ? '-' : `${signedPercent(lower)} to ${signedPercent(upper)}`,
        String(pairs),
        String(looks.length),
        verdict,
      ]),
    ),
  )

const titleOf = (variant: string): string => conditions.find(({ name }) => name === variant)?.title ?? variant
