import { checks } from './checks.ts'
import { drift } from './drift.ts'
import { environment } from './environment.ts'
import { figures } from './figures.ts'
import { health } from './health.ts'
import { reading } from './reading.ts'
import type { Section } from './section.ts'
import { thresholds } from './thresholds.ts'
import { unusable } from './unusable.ts'
import { warnings } from './warnings.ts'

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
]
