import { code, inert, markdownTable } from '../../harness/compare/markdown.ts'
import type { Verdict } from '../../harness/compare/verdict.ts'
import { formatRatio, formatRatioInterval } from '../format.ts'
import { primaryTitle } from '../sections/primary-title.ts'
import { verdictWords } from '../sections/verdict-words.ts'
import { challengers, primaryComparison, type ScenarioView, type VariantView } from '../view.ts'
import { blocks, list } from './inline.ts'
import type { MarkdownSection } from './section.ts'

/** Variants down, scenarios across. Claims and comparisons of two variants have their verdicts elsewhere, as on the page. */
export const verdicts: MarkdownSection = {
  title: 'Verdicts',
  render: (view) => {
    if (view.claims.length > 0 || view.paired || view.saturation) return ''
    const { scenarios } = view
    const table = markdownTable(
      ['variant', ...scenarios.map(({ name }) => code(name))],
      '-'.repeat(1 + scenarios.length),
      challengers(view).map((variant) => [code(variant.name), ...scenarios.map((each) => verdictCell(each, variant))]),
    )
    if (table === '') return ''
    return blocks([
      `Against ${code(view.header.baseline)}, with Student’s t interval at 95% over the blocks:`,
      table,
      list(scenarios.map(({ name, primary }) => `${code(name)} by ${inert(primaryTitle(primary))}`)),
    ])
  },
}

function verdictCell(scenario: ScenarioView, variant: VariantView): string {
  if (!scenario.variants.includes(variant)) return ''
  const comparison = primaryComparison(scenario, variant)
  if (!comparison) return '– no usable pair'
  const { verdict, estimate, lower, upper } = comparison
  const interval = formatRatioInterval(lower, upper)
  return [verdictInWords(verdict ?? 'none'), formatRatio(estimate), interval && `(${interval})`]
    .filter(Boolean)
    .join(' ')
}

/** `✕ **regressed**`, `≈ equivalent`: what is worse stands out. */
export function verdictInWords(verdict: Verdict | 'none'): string {
  const { sign, word } = verdictWords[verdict]
  return `${sign} ${verdict === 'regressed' ? `**${word}**` : word}`
}
