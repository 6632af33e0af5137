import { UserError } from '../errors.ts'
import { parseDurationMs } from './duration.ts'
import { normaliseStat, sameStat, statsInWords, whyNotOfKind } from './stat.ts'
import type { MetricKind } from './table.ts'

const compareBy = {
  '<': (value: number, limit: number) => value < limit,
  '<=': (value: number, limit: number) => value <= limit,
  '>': (value: number, limit: number) => value > limit,
  '>=': (value: number, limit: number) => value >= limit,
  '==': (value: number, limit: number) => value === limit,
  '===': (value: number, limit: number) => value === limit,
  '!=': (value: number, limit: number) => value !== limit,
}

export type Operator = keyof typeof compareBy

/** A limit on one statistic of one metric, as k6 writes it: `p(95)<500`. */
export interface Threshold {
  /** As the user wrote it: reports and exports name it so. */
  text: string
  /** `avg`, `min`, `med`, `max`, `p(N)`, `count`, `rate` or `value`. */
  stat: string
  operator: Operator
  limit: number
  /** The test is ended when this threshold fails ... */
  abortOnFail: boolean
  /** ... but not before it has run for so long. */
  delayAbortEvalMs: number
}

/** What a k6 script may write for one threshold. */
export type ThresholdSource =
  | string
  | { threshold: string; abortOnFail?: boolean; delayAbortEval?: string | number | null }

const expression = /^\s*(?<stat>[^<>=!]+?)\s*(?<operator><=|>=|===|==|!=|<|>)\s*(?<limit>[^<>=!]*?)\s*$/
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/**
 * Reads a threshold: `p(95)<500`, or k6's object form.
 *
 * @throws UserError that names the expression, the part that is wrong and what was expected
 */
export function parseThreshold(source: ThresholdSource): Threshold {
  const { threshold: text, abortOnFail = false, delayAbortEval } = toObject(source)
  return {
    text,
    ...parseExpression(text),
    abortOnFail,
    delayAbortEvalMs:
      delayAbortEval == null ? 0 : parseDurationMs(delayAbortEval, `threshold "${text}": delayAbortEval`),
  }
}

/** The object comes from the user's script, so its types are not trusted. */
function toObject(source: ThresholdSource): Exclude<ThresholdSource, string> {
  if (typeof source === 'string') return { threshold: source }
  if (typeof source?.threshold === 'string') return source
  throw new UserError(
    `threshold ${JSON.stringify(source)}: expected a text such as "p(95)<500" or an object { threshold: "p(95)<500", abortOnFail, delayAbortEval }`,
  )
}

function parseExpression(text: string): Pick<Threshold, 'stat' | 'operator' | 'limit'> {
  const parts = expression.exec(text)?.groups
  if (!parts) {
    throw new UserError(
      `threshold "${text}": expected a statistic, one of ${Object.keys(compareBy).join(' ')}, and a number, such as "p(95)<500"`,
    )
  }
  const stat = normaliseStat(parts.stat!)
  if (stat === null) {
    throw new UserError(`threshold "${text}": "${parts.stat}" is not a statistic. Expected ${statsInWords}`)
  }
  if (!decimal.test(parts.limit!)) {
    throw new UserError(
      `threshold "${text}": expected a number without a unit after "${parts.operator}", found "${parts.limit}"`,
    )
  }
  return { stat, operator: parts.operator as Operator, limit: Number(parts.limit) }
}

/** @throws UserError where a metric of this kind has no such statistic */
export function assertStatFitsKind(threshold: Threshold, metric: string, kind: MetricKind): void {
  const why = whyNotOfKind(kind, threshold.stat)
  if (why !== null) throw new UserError(`threshold "${threshold.text}" on ${metric}: ${why}`)
}

/**
 * Whether the threshold holds.
 *
 * @param stats the metric's statistics by name. Of a rate without samples the value is NaN, and nothing but `!=` holds.
 * @throws UserError where the statistic is not among them
 */
export function evaluate(threshold: Threshold, stats: Readonly<Record<string, number>>): boolean {
  const key = Object.keys(stats).find((stat) => sameStat(stat, threshold.stat))
  if (key === undefined) {
    throw new UserError(
      `threshold "${threshold.text}": no ${threshold.stat} was measured. There is: ${Object.keys(stats).join(', ') || 'nothing'}`,
    )
  }
  return compareBy[threshold.operator](stats[key]!, threshold.limit)
}
