import type { CampaignPlan } from '../campaign.ts'
import { isSame, primaryId } from '../compare/pairs.ts'
import type { LoadProgress } from '../engine/port.ts'
import type { MissingNeed, RunHeader, TrialRecord } from '../record/schema.ts'
import type { PlannedTrial } from '../schedule.ts'
import { MovingLine, type Output } from './moving-line.ts'

/** Tells how far a campaign is and how much time is left: one line a trial, and on a terminal one that moves. */
export class ProgressPrinter {
  private readonly output: MovingLine
  private readonly now: () => number
  private trials: readonly PlannedTrial[] = []
  private certain = 0
  private done: ReadonlySet<number> = new Set()
  private secondsEach: (trial: PlannedTrial) => number = () => 0
  private current = 0
  private further = 0
  private title = ''
  private trialStartedMs = 0
  /** Measured over planned seconds of the trials so far: how wrong the plan is. */
  private plannedS = 0
  private tookS = 0

  constructor(output: Output, now: () => number = () => performance.now()) {
    this.output = new MovingLine(output)
    this.now = now
  }

  plan(header: RunHeader, { trials, certain, done, secondsEach }: CampaignPlan): void {
    this.trials = trials
    this.certain = certain
    this.done = done
    this.secondsEach = secondsEach
    this.output.line(header.question)
    for (const missing of header.missing ?? []) this.output.line(missingInWords(missing, header.blocks))
    const design = [
      counted(header.variants.length, 'variant'),
      counted(header.scenarios.length, 'scenario'),
      counted(header.blocks, 'block'),
    ].join(', ')
    const time = formatTime(this.leftS())
    const resumed = done.size > 0 ? `, ${done.size} of them done` : ''
    this.output.line(`${design}: ${counted(certain, 'trial')}${resumed}, about ${time}   (seed ${header.seed})`)
    if (certain < trials.length)
      this.output.line(
        `what cannot be used of them is run again, in ${counted(moreBlocks(trials, certain), 'block')} more at the most`,
      )
    this.output.line('')
  }

  trialStarted(trial: PlannedTrial, number: number): void {
    this.current = number
    this.trialStartedMs = this.now()
    this.title = `${this.placeOf(number)}  ${trial.scenario}  ${trial.variant}`
    this.moving('')
  }

  /** ` 12/220`, or `   +12` of those that nobody was certain of. */
  private placeOf(number: number): string {
    const certain = String(this.certain)
    if (number <= this.certain) return `${String(number).padStart(certain.length)}/${certain}`
    this.further += 1
    return `+${this.further}`.padStart(2 * certain.length + 1)
  }

  stage(text: string): void {
    this.moving(text)
  }

  progress({ elapsedS, durationS, vus, iterations }: LoadProgress): void {
    this.moving(`${Math.round(elapsedS)}/${Math.round(durationS)} s  ${vus} users  ${iterations} iterations`)
  }

  trialEnded(record: TrialRecord): void {
    const seconds = (this.now() - this.trialStartedMs) / 1000
    this.plannedS += this.secondsEach(this.trials[this.current - 1]!)
    this.tookS += seconds
    const left = this.trialsLeft()
    const time = left.length > 0 ? `  ${formatTime(this.leftS())} left` : ''
    this.output.line(`${this.title}  ${Math.round(seconds)} s  ${outcomeOf(record)}${time}`)
    for (const line of faultLines(record)) this.output.line(line)
  }

  private leftS(): number {
    const planned = this.trialsLeft().reduce((sum, trial) => sum + this.secondsEach(trial), 0)
    return this.plannedS > 0 ? (planned * this.tookS) / this.plannedS : planned
  }

  private trialsLeft(): PlannedTrial[] {
    return this.trials.filter((_, at) => at >= this.current && at < this.certain && !this.done.has(at + 1))
  }

  private moving(text: string): void {
    this.output.move(`${this.title}  ${text}  (${formatTime(this.leftS())} after this one)`)
  }

  /** Closes the moving line, if there is one. */
  end(): void {
    this.output.end()
  }
}

/** Why a trial cannot be used, or not wholly, each reason once; none where there is nothing to say. */
export const faultLines = ({ failure, invalid }: TrialRecord): string[] =>
  [
    ...(failure ? [failure.message, ...failure.outputTail] : []),
    ...new Set(invalid.map(({ message }) => `invalid: ${message}`)),
  ].map((text) => `      ${text}`)

function outcomeOf(record: TrialRecord): string {
  if (record.failure) return `FAILED (${record.failure.stage})`
  const id = primaryId(record.primary)
  const primary = record.observations.find((each) => isSame(each, id))
  if (!primary) return 'no primary metric'
  return `${record.primary} = ${Number(primary.value.toPrecision(4))} ${primary.unit}`
}

/** `redis is missing (redis-server is not installed: ...): 3 trials left out, claims 8, 9 not tested` */
function missingInWords({ need, reason, trialsABlock, claims }: MissingNeed, blocks: number): string {
  const costs = [
    ...(trialsABlock > 0 ? [`${counted(trialsABlock * blocks, 'trial')} left out`] : []),
    ...(claims.length > 0 ? [`not tested: ${claims.join(', ')}`] : []),
  ]
  return `MISSING: ${need} (${reason}): ${costs.join('; ')}`
}

const moreBlocks = (trials: readonly PlannedTrial[], certain: number): number =>
  new Set(trials.slice(certain).map(({ block }) => block)).size

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** `9 min`, `40 s` */
export const formatTime = (seconds: number): string =>
  seconds >= 100 ? `${Math.round(seconds / 60)} min` : `${Math.ceil(seconds)} s`
