import { code, inert, markdownTable } from '../../harness/compare/markdown.ts'
import type { LimitResult } from '../../harness/gate/limits.ts'
import { formatValue } from '../format.ts'
import { limitWords } from '../sections/limits.ts'
import type { MarkdownSection } from './section.ts'

/** What a gate asks of the head alone. */
export const limits: MarkdownSection = {
  title: 'Limits',
  render: ({ limits }) =>
    markdownTable(['scenario', 'limit', 'measured', 'trials', 'outcome'], '--rr-', limits.map(row)),
}

function row({ scenario, metric, expression, value, unit, trials, outcome, reason }: LimitResult): string[] {
  const word = `${limitWords[outcome].sign} ${outcome === 'crossed' ? `**${outcome}**` : outcome}`
  return [
    code(scenario),
    code(`${metric} ${expression}`),
    formatValue(value, unit),
    String(trials),
    reason === '' ? word : `${word}: ${inert(reason)}`,
  ]
}
