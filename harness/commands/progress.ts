import type { CampaignPlan } from '../campaign.ts'
import { isSame, primaryId } from '../compare/pairs.ts'
import type { LoadProgress } from '../engine/port.ts'
import type { MissingNeed, RunHeader, TrialRecord } from '../record/schema.ts'
import type { PlannedTrial } from '../schedule.ts'

/** Where lines go; only a terminal gets a line that is written over. */
export interface Output {
  isTTY?: boolean
  columns?: number
  write(text: string): unknown
}

/** Tells how far a campaign is and how much time is left: one line a trial, and on a terminal one that moves. */
export class ProgressPrinter {
  private readonly output: Output
  private readonly now: () => number
  private trials: readonly PlannedTrial[] = []
  private done: ReadonlySet<number> = new Set()
  private secondsEach: (trial: PlannedTrial) => number = () => 0
  private current = 0
  private title = ''
  private trialStartedMs = 0
  private isLineOpen = false
  /** Measured over planned seconds of the trials so far: how wrong the plan is. */
  private plannedS = 0
  private tookS = 0

  constructor(output: Output, now: () => number = () => performance.now()) {
    this.output = output
    this.now = now
  }

  plan(header: RunHeader, { trials, done, secondsEach }: CampaignPlan): void {
    this.trials = trials
    this.done = done
    this.secondsEach = secondsEach
    this.line(header.question)
    for (const missing of header.missing ?? []) this.line(missingInWords(missing, header.blocks))
    const design = [
      counted(header.variants.length, 'variant'),
      counted(header.scenarios.length, 'scenario'),
      counted(header.blocks, 'block'),
    ].join(', ')
    const time = formatTime(this.leftS())
    const resumed = done.size > 0 ? `, ${done.size} of them done` : ''
    this.line(`${design}: ${counted(trials.length, 'trial')}${resumed}, about ${time}   (seed ${header.seed})\n`)
  }

  trialStarted(trial: PlannedTrial, number: number): void {
    this.current = number
    this.trialStartedMs = this.now()
    this.title = `${String(number).padStart(String(this.trials.length).length)}/${this.trials.length}  ${trial.scenario}  ${trial.variant}`
    this.moving('')
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
    this.end()
    const left = this.trialsLeft()
    const time = left.length > 0 ? `  ${formatTime(this.leftS())} left` : ''
    this.line(`${this.title}  ${Math.round(seconds)} s  ${outcomeOf(record)}${time}`)
    if (record.failure)
      this.line([record.failure.message, ...record.failure.outputTail].map((text) => `      ${text}`).join('\n'))
    for (const message of new Set(record.invalid.map((reason) => reason.message)))
      this.line(`      invalid: ${message}`)
  }

  private leftS(): number {
    const planned = this.trialsLeft().reduce((sum, trial) => sum + this.secondsEach(trial), 0)
    return this.plannedS > 0 ? (planned * this.tookS) / this.plannedS : planned
  }

  private trialsLeft(): PlannedTrial[] {
    return this.trials.filter((_, at) => at >= this.current && !this.done.has(at + 1))
  }

  private moving(text: string): void {
    if (!this.output.isTTY) return
    const left = formatTime(this.leftS())
    this.isLineOpen = true
    const line = `${this.title}  ${text}  (${left} after this one)`.slice(0, (this.output.columns ?? 80) - 1)
    this.output.write(`\r\x1b[2K${line}`)
  }

  /** Closes the moving line, if there is one. */
  end(): void {
    if (!this.isLineOpen) return
    this.isLineOpen = false
    this.output.write('\r\x1b[2K')
  }

  private line(text: string): void {
    this.output.write(`${text}\n`)
  }
}

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

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** `9 min`, `40 s` */
export const formatTime = (seconds: number): string =>
  seconds >= 100 ? `${Math.round(seconds / 60)} min` : `${Math.ceil(seconds)} s`
