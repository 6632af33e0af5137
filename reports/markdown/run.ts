import { compareRun } from '../../harness/compare/campaign.ts'
import { code, inert } from '../../harness/compare/markdown.ts'
import { valuesOf } from '../../harness/compare/run-values.ts'
import { effectNotes } from '../../harness/compare/verdict-table.ts'
import type { NumberValues, Run } from '../../harness/record/schema.ts'
import { counted } from '../format.ts'
import { answerOf } from '../sections/answer.ts'
import { factsOf, progressOf } from '../sections/heading.ts'
import { primaryTitle } from '../sections/primary-title.ts'
import { profiledOf } from '../sections/profiles.ts'
import { type ScenarioView, type View, viewOf } from '../view.ts'
import { scenarioFigures } from './figures.ts'
import { blocks, firstFitting, inline, list } from './inline.ts'
import { scenarioOverTime } from './over-time.ts'
import type { MarkdownSection } from './section.ts'
import { answeringSections, closingSections } from './table.ts'

/**
 * A run as Markdown that fits a pull request: the answer, the verdicts, the few numbers of each scenario, what could not be used.
 *
 * @throws UserError where the header's `primary` of a scenario cannot be read
 */
export function markdownOfRun(run: Run): string {
  const view = viewOf(run, compareRun(run))
  const { numbers } = valuesOf(run, { withSelfChecks: true })
  const scenarios = view.scenarios.map((scenario) => scenarioOf(view, scenario, numbers))
  return firstFitting([
    () =>
      documentOf(
        view,
        scenarios.map(({ figures, overTime }) => blocks([figures, overTime])),
      ),
    () => documentOf(view, [...scenarios.map(({ figures }) => figures), leftOut('what was seen over time')]),
    ...fewerScenarios(view, scenarios),
    () => documentOf(view, [leftOut('the figures of the scenarios')]),
  ])
}

/** With the figures of all scenarios but the last, but the last two, and so on. */
const fewerScenarios = (view: View, scenarios: readonly { figures: string }[]): (() => string)[] =>
  scenarios.slice(1).map((_, others) => () => {
    const kept = scenarios.slice(0, scenarios.length - 1 - others)
    const names = view.scenarios.slice(kept.length).map(({ name }) => code(name))
    const without = `what was seen over time, and the figures of ${names.join(', ')}`
    return documentOf(view, [...kept.map(({ figures }) => figures), leftOut(without)])
  })

const leftOut = (what: string): string =>
  `Not shown, or this would be too long for a comment: ${what}. \`weir report --format html\` has them.`

function documentOf(view: View, scenarios: readonly string[]): string {
  const { header } = view
  const parts = [
    `### ${inert(header.question || `Campaign ${header.campaign}`)}`,
    inline(profiledOf(header)),
    inline(progressOf(view)),
    inline(answerOf(view)),
    ...answeringSections.map((section) => sectionOf(view, section)),
    ...scenarios,
    ...closingSections.map((section) => sectionOf(view, section)),
    setting(view),
  ]
  return `${blocks(parts)}\n`
}

function sectionOf(view: View, { title, render }: MarkdownSection): string {
  const content = render(view)
  return content === '' ? '' : blocks([`#### ${title}`, content])
}

/** What is told of a scenario, the most important first; nothing where no trial of it can be used. */
function scenarioOf(view: View, scenario: ScenarioView, numbers: readonly NumberValues[]) {
  const table = scenarioFigures(view, scenario, numbers)
  if (table === '') return { figures: '', overTime: '' }
  const judged = scenario.comparisons.filter(({ primary }) => primary)
  const figures = blocks([
    `#### ${code(scenario.name)}`,
    `${inert(introductionOf(scenario))} ${isCompared(scenario) ? legendOf(view) : 'Medians over the usable trials.'}`,
    table,
    list(effectNotes(judged).map((note) => `inconclusive: ${inert(note)}`)),
  ])
  return { figures, overTime: scenarioOverTime(view, scenario) }
}

/** A description is never the first of a line, where a dash or a number would make a list of it. */
const introductionOf = ({ description, primary }: ScenarioView): string =>
  `Primary metric: ${primaryTitle(primary)}.${description === '' ? '' : ` ${description}.`}`

const isCompared = ({ comparisons }: ScenarioView): boolean => comparisons.length > 0

const legendOf = ({ header, paired }: View): string =>
  `Medians of ${code(header.baseline)}; of the others what changed, ${
    paired
      ? 'with the range over the pairs.'
      : 'with the range over the blocks, of the primary metric with its 95% interval.'
  }`

function setting(view: View): string {
  const { id, seed, environment } = view.header
  const { cpu, cores, node, git, weir } = environment
  const commit = git ? `, commit ${code(git.commit.slice(0, 12))}${git.dirty ? ' with changes' : ''}` : ''
  const machine = code(`${cpu}, ${counted(cores, 'core')}, Node ${node}`)
  return `<sub>${inline(factsOf(view))}. Run ${code(id)}, seed ${seed}${commit}, weir ${inert(weir)}, on ${machine}.</sub>`
}
