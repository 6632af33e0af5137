import { type AblationOf, notesOn, type Worth } from '../../harness/compare/ablation.ts'
import { code, inert, markdownTable } from '../../harness/compare/markdown.ts'
import { capitalised, formatRatio, formatRatioInterval, noNumber } from '../format.ts'
import { blocks } from './inline.ts'
import type { MarkdownSection } from './section.ts'

/** What each optimisation is worth, number by number; the largest first, all of them at once beside their sum. */
export const ablation: MarkdownSection = {
  title: 'What each is worth',
  render: ({ ablation }) => blocks(ablation.map(tableOf)),
}

function tableOf(of: AblationOf): string {
  const { scenario, role, metric, better, singles, together, sum, summed } = of
  const direction = better === 'none' ? '' : `; ${better} is better`
  const rows = [
    ...singles.map(({ variant, worth }) => row(code(variant), worth)),
    ...(sum ? [row(`the sum of ${summed.length}`, sum)] : []),
    ...(together ? [row(`${code(together.variant)}, all at once`, together.worth)] : []),
  ]
  return blocks([
    `${code(scenario)}, ${inert(role)}: ${code(metric)}${direction}`,
    markdownTable(['undone', 'change', '95% interval', 'blocks'], '-rrr', rows),
    ...notesOn(of).map((note) => `${inert(capitalised(note))}.`),
  ])
}

const row = (name: string, worth: Worth | null): string[] =>
  worth === null
    ? [name, noNumber, '', 'none usable']
    : [name, formatRatio(worth.estimate), formatRatioInterval(worth.lower, worth.upper), String(worth.pairs)]
