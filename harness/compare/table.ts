import { printSelector } from '../metrics/selector.ts'
import type { Run, RunHeader } from '../record/schema.ts'
import type { CampaignComparison, Comparison } from './campaign.ts'
import { trialsABlock, variantsUnder } from './cells.ts'
import { clip, plain, wrap } from './columns.ts'
import { exclusionNotes } from './exclusions.ts'
import { headlineTable } from './headlines.ts'
import type { ObservationId } from './observation-id.ts'
import { primaryId } from './pairs.ts'
import { effectNotes, verdictTable } from './verdict-table.ts'

export interface TableOptions {
  /** Characters a line at the most. */
  width: number
  /** ANSI colours for verdicts. */
  color: boolean
}

/**
 * The terminal table: by scenario the primary metric of every variant with its verdict, then the headline metrics,
 * then what was left out and why. Ends with a newline.
 *
 * @throws UserError where the header's `primary` of a scenario cannot be read
 */
export function formatComparisonTable(comparison: CampaignComparison, run: Run, options: TableOptions): string {
  const sections = run.header.scenarios.map((scenario) => {
    const ofScenario = comparison.comparisons.filter((each) => each.scenario === scenario.name)
    return scenarioSection(ofScenario, run, scenario, options)
  })
  const title = titleLines(run).map((line) => clip(line, options.width))
  return `${[title, ...sections].map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function titleLines({ header, records }: Run): string[] {
  const trialsOfBlock = trialsABlock(header)
  const begun = [...new Set(records.map(({ key }) => key.block))].filter((block) => block <= header.blocks)
  const isWhole = (block: number) => records.filter(({ key }) => key.block === block).length >= trialsOfBlock
  const inPart = begun.filter((block) => !isWhole(block)).map((block) => `, block ${block} in part`)
  const blocksIn = `${begun.filter(isWhole).length} of ${header.blocks} ${header.blocks === 1 ? 'block' : 'blocks'} in`
  const method = begun.length > 1 ? ", with 95% intervals (Student's t, over blocks)" : ''
  return [
    `${plain(header.campaign)}: ${blocksIn}${inPart.join('')}`,
    `compared with ${plain(header.baseline)}${method}`,
  ]
}

function scenarioSection(
  comparisons: Comparison[],
  run: Run,
  scenario: RunHeader['scenarios'][number],
  { width, color }: TableOptions,
): string[] {
  const primary = primaryId(scenario.primary)
  const verdicts = comparisons.filter((each) => each.primary)
  const headlines = headlineTable(
    comparisons,
    { variants: variantsUnder(run.header, scenario.name), baseline: run.header.baseline },
    primary,
    width,
  )
  const notes = [...effectNotes(verdicts), ...exclusionNotes(run, scenario.name)]
  return [
    clip(plain(scenario.name), width),
    clip(`  ${describePrimary(primary, verdicts)}`, width),
    ...verdictTable(verdicts, run, scenario.name, primary, { width, color }),
    ...(headlines.length > 0 ? ['', ...headlines] : []),
    ...(notes.length > 0 ? ['', ...notes.flatMap((note) => wrap(plain(note), width))] : []),
  ]
}

function describePrimary({ metric, stat, scope }: ObservationId, verdicts: Comparison[]): string {
  const better = verdicts[0]?.better ?? 'none'
  const direction = better === 'none' ? '' : `, ${better} is better`
  return `${printSelector({ metric, stat, tags: { ...scope } })}${direction}`
}
