import { parseSubMetric } from '../../../metrics/selector.ts'
import { parseThreshold, type ThresholdSource } from '../../../metrics/thresholds.ts'
import type { PlannedThreshold, ThresholdTarget } from '../load-test/part.ts'
import { asObject } from './values.ts'

/** What has a key in `options.thresholds` is measured and shown, also where no threshold is set on it. */
export const readTargets = (raw: unknown): ThresholdTarget[] =>
  Object.keys(asObject(raw ?? {}, 'options.thresholds')).map((key) => ({ ...parseSubMetric(key), key }))

/** @throws UserError that names the threshold and what is wrong with it */
export function readThresholds(raw: unknown): PlannedThreshold[] {
  const byMetric = asObject(raw ?? {}, 'options.thresholds')
  return readTargets(raw).flatMap((target) => {
    const sources = byMetric[target.key]
    const list = Array.isArray(sources) ? sources : [sources]
    return list.map((source) => ({ ...target, threshold: parseThreshold(source as ThresholdSource) }))
  })
}
