import { ablation } from './ablation.ts'
import { checks } from './checks.ts'
import { claims } from './claims.ts'
import { comparison } from './comparison.ts'
import { drift } from './drift.ts'
import { environment } from './environment.ts'
import { figures } from './figures.ts'
import { health } from './health.ts'
import { raw } from './raw.ts'
import { reading } from './reading.ts'
import type { Section } from './section.ts'
import { thresholds } from './thresholds.ts'
import { unusable } from './unusable.ts'
import { verdicts } from './verdicts.ts'
import { warnings } from './warnings.ts'

/** What comes before the charts, in page order: the first of them that this run has is what it answers with. */
export const sectionsBeforeCharts: readonly Section[] = [claims, ablation, comparison, verdicts]

/** What comes after the charts, in page order. */
export const sectionsAfterCharts: readonly Section[] = [
  figures,
  thresholds,
  checks,
  health,
  drift,
  unusable,
  warnings,
  environment,
  reading,
  raw,
]
