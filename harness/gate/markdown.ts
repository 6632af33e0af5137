import { counted, formatPercent, formatPercentRange } from '../compare/figures.ts'
import { code, markdownTable } from '../compare/markdown.ts'
import type { Format } from './port.ts'
import type { GateResult } from './result.ts'
import { valueInWords } from './words.ts'

/** For a summary of a job, or wherever else GitHub's Markdown is shown. */
export const markdown: Format = {
  purpose: "Markdown, as a job's summary shows it",
  files: (result, file) => ({ [file]: markdownOf(result) }),
}

/** The same, found again by its first line, so that it can be replaced by a later one. */
export const comment: Format = {
  purpose: 'the same for a comment; its first line is a mark by which it can be found and updated',
  files: (result, file) => ({ [file]: `${markOf(result.gate)}\n${markdownOf(result)}` }),
}

/** Hidden where Markdown is shown. */
export const markOf = (gate: string): string => `<!-- weir-gate:${gate.replace(/[^A-Za-z0-9._-]/g, '_')} -->`

export function markdownOf(result: GateResult): string {
  const parts = [
    heading(result),
    subject(result),
    findings(result),
    comparisons(result),
    limits(result),
    excluded(result),
    setting(result),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

const heading = ({ gate, outcome }: GateResult): string => `### Gate ${code(gate)}: ${outcome}`

function subject({ head, base, validPairs, invalidPairs, outcome, isStrict }: GateResult): string {
  const invalid = invalidPairs === 0 ? '' : `, ${invalidPairs} more not valid`
  const undecided = outcome === 'inconclusive' && !isStrict ? ' What is not decided does not fail this gate.' : ''
  return `${code(head)} against ${code(base)}: ${counted(validPairs, 'valid pair')}${invalid}.${undecided}`
}

const findings = ({ findings }: GateResult): string =>
  findings.map(({ scenario, text }) => `- ${code(scenario === null ? text : `${scenario}: ${text}`)}`).join('\n')

const comparisons = ({ comparisons }: GateResult): string =>
  markdownTable(
    ['scenario', 'metric', 'base', 'head', 'change', 'interval', 'pairs', 'verdict'],
    '--rrrrr-',
    comparisons.map((each) => [
      code(each.scenario),
      code(each.metric),
      valueInWords(each.baseValue, each),
      valueInWords(each.headValue, each),
      each.estimate === null ? '' : formatPercent(each.estimate),
      each.lower === null || each.upper === null ? '' : formatPercentRange(each.lower, each.upper),
      String(each.pairs),
      each.verdict === 'regressed' ? `**${each.verdict}**` : each.verdict,
    ]),
  )

const limits = ({ limits }: GateResult): string =>
  markdownTable(
    ['scenario', 'limit', 'value', 'trials', 'outcome'],
    '--rr-',
    limits.map((each) => [
      code(each.scenario),
      code(`${each.metric} ${each.expression}`),
      valueInWords(each.value, each),
      String(each.trials),
      each.outcome === 'held' ? each.outcome : `**${each.outcome}**`,
    ]),
  )

const excluded = ({ excluded }: GateResult): string =>
  excluded.length === 0
    ? ''
    : `<details><summary>Not used</summary>\n\n${excluded.map(({ scenario, reason }) => `- ${code(`${scenario}: ${reason}`)}`).join('\n')}\n\n</details>`

function setting({ run, seed, environment, power }: GateResult): string {
  const { cpu, cores, node, git } = environment
  const wanted = power ? `; wanted: ${share(power.effect)} found with at least ${share(power.atLeast)}` : ''
  const machine = `${cpu}, ${counted(cores, 'core')}, Node ${node}`
  return `<sub>Run ${code(run)}, seed ${seed}${git ? `, commit ${code(git.commit.slice(0, 12))}` : ''}, on ${code(machine)}${wanted}.</sub>`
}

const share = (value: number): string => `${Number((100 * value).toPrecision(4))}%`
