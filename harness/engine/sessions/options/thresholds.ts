import { UserError } from '../../../errors.ts'
import { parseSubMetric } from '../../../metrics/selector.ts'
import { parseThreshold, type ThresholdSource } from '../../../metrics/thresholds.ts'
import type { PlannedThreshold, ThresholdTarget } from '../load-test/part.ts'
import { asObject } from './values.ts'

/** What has a key in `options.thresholds` is measured and shown, also where no threshold is set on it. */
export const readTargets = (raw: unknown): ThresholdTarget[] =>
  Object.keys(asObject(raw ?? {}, 'options.thresholds')).map(toTarget)

/** k6 names a sub-metric without the blanks that may stand around its tags. */
const toTarget = (text: string): ThresholdTarget => ({
  ...parseSubMetric(text),
  key: text
    .trim()
    .replace(/\s*\{\s*/, '{')
    .replace(/\s*\}$/, '}'),
})

/** @throws UserError that names the threshold and what is wrong with it */
export function readThresholds(raw: unknown): PlannedThreshold[] {
  const byMetric = asObject(raw ?? {}, 'options.thresholds')
  return Object.entries(byMetric).flatMap(([text, sources]) => {
    const target = toTarget(text)
    const list = Array.isArray(sources) ? sources : [sources]
    return list.map((source) => ({ ...target, threshold: parseThreshold(source as ThresholdSource) }))
  })
}

/**
 * Reads conditions, `{ answers_wrong: ['count==0'] }`: thresholds that cannot end a test.
 * @param where names the option in messages
 * @throws UserError that names the condition and what is wrong with it
 */
export function readConditions(raw: unknown, where: string): PlannedThreshold[] {
  for (const [metric, sources] of Object.entries(asObject(raw ?? {}, where)))
    if (![sources].flat().every((source) => typeof source === 'string'))
      throw new UserError(`${where}: ${metric}: expected a list of texts such as ["count==0"]`)
  return readThresholds(raw)
}
