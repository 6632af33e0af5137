import { ablation } from './ablation.ts'
import { claims } from './claims.ts'
import { comparison } from './comparison.ts'
import { limits } from './limits.ts'
import { saturation } from './saturation.ts'
import type { MarkdownSection } from './section.ts'
import { unusable } from './unusable.ts'
import { verdicts } from './verdicts.ts'

/** What answers the question of the run, in order. */
export const answeringSections: readonly MarkdownSection[] = [
  claims,
  saturation,
  ablation,
  comparison,
  limits,
  verdicts,
]

/** What comes after the scenarios. */
export const closingSections: readonly MarkdownSection[] = [unusable]
