import type { CampaignPlan } from '../campaign.ts'
import { systemClock } from '../clock.ts'
import { plain } from '../compare/columns.ts'
import { counted } from '../compare/figures.ts'
import { aboveInWords } from '../compare/invalidity.ts'
import { isSame } from '../compare/observation-id.ts'
import { primaryId } from '../compare/pairs.ts'
import { partsInWords } from '../compare/saturation/left-out.ts'
import type { LoadProgress } from '../engine/port.ts'
import type { MissingNeed, RunHeader, TrialRecord } from '../record/schema.ts'
import type { PlannedTrial } from '../schedule.ts'
import type { Course } from './live/moment.ts'
import type { Output } from './live/output.ts'
import { LiveView, type ViewSetting } from './live/view.ts'
import { formatTime } from './words.ts'

/** Tells how far a campaign is and how much time is left: one line a trial, and on a terminal a block that moves. */
export class ProgressPrinter {
  private readonly view: LiveView
  private readonly now: () => number
  private trials: readonly PlannedTrial[] = []
  private certain = 0
  private done: ReadonlySet<number> = new Set()
  private secondsEach: (trial: PlannedTrial) => number = () => 0
  private current = 0
  private further = 0
  private blocks = 0
  private primaries: ReadonlyMap<string, string> = new Map()
  private title = ''
  /** Null between two trials. */
  private trialStartedMs: number | null = null
  /** Measured over planned seconds of the trials so far: how wrong the plan is. */
  private plannedS = 0
  private tookS = 0

  constructor(output: Output, setting: ViewSetting = {}) {
    const { clock = systemClock } = setting
    this.view = new LiveView(output, () => this.course(), setting)
    this.now = () => clock.now()
  }

  plan(header: RunHeader, { trials, certain, done, secondsEach }: CampaignPlan): void {
    this.blocks = header.blocks
    this.primaries = primariesOf(header)
    this.trials = trials
    this.certain = certain
    this.done = done
    this.secondsEach = secondsEach
    this.view.line(header.question)
    for (const missing of header.missing ?? []) this.view.line(missingInWords(missing, header.blocks))
    const design = [
      counted(header.variants.length, 'variant'),
      counted(header.scenarios.length, 'scenario'),
      counted(header.blocks, 'block'),
    ].join(', ')
    const time = formatTime(this.leftS())
    const resumed = done.size > 0 ? `, ${done.size} of them done` : ''
    this.view.line(`${design}: ${counted(certain, 'trial')}${resumed}, about ${time}   (seed ${header.seed})`)
    if (header.saturation?.rate)
      this.view.line(
        `then the search for the highest rate, in ${counted(header.saturation.rate.tries, 'load')} of each variant at the most, besides void ones`,
      )
    else if (certain < trials.length)
      this.view.line(
        `what cannot be used of them is run again, in ${counted(moreBlocks(trials, certain), 'block')} more at the most`,
      )
    this.view.line('')
  }

  trialStarted(trial: PlannedTrial, number: number): void {
    const { block, scenario, variant } = trial
    const place = this.placeOf(number)
    this.current = number
    this.trialStartedMs = this.now()
    this.title = `${place}  ${scenario}  ${variant}`
    const ofAll = block > this.blocks ? '' : `/${this.blocks}`
    this.view.trialStarted({
      wordings: [`trial ${place.trim()}  block ${block}${ofAll}  ${scenario}  ${variant}`, this.title.trim()],
      primary: this.primaries.get(scenario) ?? '',
    })
  }

  /** ` 12/220`, or `   +12` of those that nobody was certain of. */
  private placeOf(number: number): string {
    const certain = String(this.certain)
    if (number <= this.certain) return `${String(number).padStart(certain.length)}/${certain}`
    this.further += 1
    return `+${this.further}`.padStart(2 * certain.length + 1)
  }

  stage(text: string): void {
    this.view.stage(text)
  }

  progress(progress: LoadProgress): void {
    this.view.progress(progress)
  }

  trialEnded(record: TrialRecord): void {
    const seconds = this.currentS()
    this.trialStartedMs = null
    this.plannedS += this.secondsEach(this.trials[this.current - 1]!)
    this.tookS += seconds
    const time = this.trialsLeft().length > 0 ? `  ${formatTime(this.leftS())} left` : ''
    const told = `${this.title}  ${Math.round(seconds)} s`
    const [outcome, value] = outcomeOf(record)
    this.view.line(`${told}  ${outcome}${time}`, {
      live: [`${told}  ${outcome}`, `${told}  ${value}`],
      ...(record.failure ? { tone: 'red' as const } : {}),
    })
    for (const line of faultLines(record)) this.view.line(line, { tone: 'red' })
  }

  /** How long the trial that runs has been running. */
  private currentS(): number {
    return this.trialStartedMs === null ? 0 : (this.now() - this.trialStartedMs) / 1000
  }

  private course(): Course {
    const isRunning = this.trialStartedMs !== null
    const currentS = isRunning ? this.expectedS([this.trials[this.current - 1]!]) : 0
    const over = this.trials.filter((_, at) => this.done.has(at + 1) || at < this.current - (isRunning ? 1 : 0))
    return {
      spentS: this.expectedS(over) + Math.min(currentS, this.currentS()),
      leftS: this.leftS() + Math.max(0, currentS - this.currentS()),
      isLimit: false,
    }
  }

  /** Without the trial that runs. */
  private leftS(): number {
    return this.expectedS(this.trialsLeft())
  }

  /** By the plan, and by how wrong it was so far. */
  private expectedS(trials: readonly PlannedTrial[]): number {
    const planned = trials.reduce((sum, trial) => sum + this.secondsEach(trial), 0)
    return this.plannedS > 0 ? (planned * this.tookS) / this.plannedS : planned
  }

  private trialsLeft(): PlannedTrial[] {
    return this.trials.filter((_, at) => at >= this.current && at < this.certain && !this.done.has(at + 1))
  }

  /** Takes the block away, if there is one. */
  end(): void {
    this.view.end()
  }
}

/** Why a trial cannot be used, or not wholly, each reason once; none where there is nothing to say. */
export const faultLines = ({ failure, invalid, warnings }: TrialRecord): string[] =>
  [
    ...(failure ? [failure.message, ...failure.outputTail] : []),
    ...new Set(invalid.map((each) => `invalid${aboveInWords(each)}: ${each.message}`)),
    // That nothing was answered is a check that failed; why, such as a refused connection, is what the load said.
    ...(invalid.some(({ code }) => code === 'check-failed') ? warnings.map((text) => `the load said: ${text}`) : []),
  ].map((text) => `      ${plain(text)}`.trimEnd())

/** What came of it, and the same in fewer words. */
function outcomeOf(record: TrialRecord): [outcome: string, value: string] {
  if (record.failure) return alike(`FAILED (${record.failure.stage})`)
  const id = primaryId(record.primary)
  const primary = record.observations.find((each) => isSame(each, id))
  if (!primary) return alike('no primary metric')
  const value = `${Number(primary.value.toPrecision(4))} ${primary.unit}`
  return [`${record.primary} = ${value}`, value]
}

const alike = (text: string): [string, string] => [text, text]

/** The primary metric of each scenario, without scope and statistic. */
export const primariesOf = ({ scenarios }: RunHeader): Map<string, string> =>
  new Map(scenarios.map(({ name, primary }) => [name, primaryId(primary).metric]))

/** `redis is missing (redis-server is not installed: ...): 3 trials left out, claims 8, 9 not tested` */
function missingInWords(missing: MissingNeed, blocks: number): string {
  const { need, reason, trialsABlock, claims } = missing
  const parts = partsInWords(missing)
  const costs = [
    ...(trialsABlock > 0 ? [`${counted(trialsABlock * blocks, 'trial')} left out`] : []),
    ...(parts === null ? [] : [`left out: ${parts}`]),
    ...(claims.length > 0 ? [`not tested: ${claims.join(', ')}`] : []),
  ]
  return `MISSING: ${need} (${reason}): ${costs.join('; ')}`
}

const moreBlocks = (trials: readonly PlannedTrial[], certain: number): number =>
  new Set(trials.slice(certain).map(({ block }) => block)).size
