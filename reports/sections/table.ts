import { ablation } from './ablation.ts'
import { checks } from './checks.ts'
import { claims } from './claims.ts'
import { compareTwo } from './compare-two.ts'
import { comparison } from './comparison.ts'
import { drift } from './drift.ts'
import { environment } from './environment.ts'
import { figures } from './figures.ts'
import { forest } from './forest.ts'
import { health } from './health.ts'
import { limits } from './limits.ts'
import { matrix } from './matrix.ts'
import { profiles } from './profiles.ts'
import { raw } from './raw.ts'
import { reading } from './reading.ts'
import { saturation } from './saturation.ts'
import type { Section } from './section.ts'
import { thresholds } from './thresholds.ts'
import { unusable } from './unusable.ts'
import { verdicts } from './verdicts.ts'
import { warnings } from './warnings.ts'

/** What comes before the charts, in page order: every verdict at a glance, every effect with its interval, then all that a verdict says. */
export const sectionsBeforeCharts: readonly Section[] = [saturation, matrix, forest, verdicts, comparison, limits]

/** What comes after the charts, in page order. */
export const sectionsAfterCharts: readonly Section[] = [
  profiles,
  compareTwo,
  claims,
  ablation,
  thresholds,
  checks,
  health,
  drift,
  unusable,
  warnings,
  environment,
  reading,
  figures,
  raw,
]
