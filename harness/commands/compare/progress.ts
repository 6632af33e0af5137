import type { CampaignPlan } from '../../campaign.ts'
import { systemClock } from '../../clock.ts'
import { counted, formatPercent, formatPercentRange } from '../../compare/figures.ts'
import { fewestPairsOf } from '../../compare/looks.ts'
import { compareGateMetrics, type PairedComparison } from '../../compare/paired-comparison.ts'
import { pairsOf } from '../../compare/pairs.ts'
import { usablePairs } from '../../compare/usable-pairs.ts'
import { wantedId } from '../../compare/wanted-id.ts'
import type { LoadProgress } from '../../engine/port.ts'
import type { ComparisonPlan, Run, RunHeader, TrialRecord } from '../../record/schema.ts'
import type { PlannedTrial } from '../../schedule.ts'
import type { Course } from '../live/moment.ts'
import type { Output } from '../live/output.ts'
import { LiveView, type ViewSetting } from '../live/view.ts'
import { faultLines, primariesOf } from '../progress.ts'
import { formatTime } from '../words.ts'

/** Tells how far a comparison is: a line for each pair, more at each look, and on a terminal a block that moves. */
export class ComparisonPrinter {
  private readonly view: LiveView
  private readonly now: () => number
  private startedMs = 0
  private spentBeforeMs = 0
  private budgetMs = 0
  private title = ''
  private mostPairs = 0
  /** Both variants, where they take turns; null: one runs after the other. */
  private together: string | null = null
  private primaries: ReadonlyMap<string, string> = new Map()
  private looksTold = new Map<string, number>()

  constructor(output: Output, setting: ViewSetting = {}) {
    const { clock = systemClock } = setting
    this.view = new LiveView(output, () => this.course(), setting)
    this.now = () => clock.now()
  }

  /** @param before records of a run that is resumed */
  plan(header: RunHeader, { trials, secondsEach }: CampaignPlan, before: readonly TrialRecord[] = []): void {
    const plan = header.comparison!
    this.startedMs = this.now()
    this.spentBeforeMs = 1000 * before.reduce((sum, { durationS }) => sum + durationS, 0)
    this.budgetMs = plan.budgetMs
    this.mostPairs = plan.looks.at(-1) ?? 0
    this.together = plan.mode === 'slices' ? `${plan.against} and ${plan.variant}` : null
    this.primaries = primariesOf(header)
    this.view.line(header.question)
    for (const { name } of header.scenarios) {
      const metrics = plan.metrics.filter(({ scenario }) => scenario === name).map(({ metric }) => metric)
      this.view.line(`${name}: ${metrics.join(', ')}`)
    }
    const done = before.length > 0 ? `, ${counted(before.length, 'trial')} done` : ''
    this.view.line(
      `pairs until that is decided, at most ${formatTime(plan.budgetMs / 1000)}; looks at ${plan.looks.join(', ')} pairs${done}   (seed ${header.seed})`,
    )
    const roundS = trials.filter(({ pair }) => pair === 1).reduce((sum, trial) => sum + secondsEach(trial), 0)
    for (const warning of tooShort(plan, roundS)) this.view.line(warning)
    this.view.line('')
  }

  trialStarted({ pair, scenario, variant }: PlannedTrial): void {
    this.title = `pair ${pair}  ${scenario}  ${variant}`
    const place = `${scenario}  ${this.together ?? variant}`
    this.view.trialStarted({
      wordings: [`pair ${pair} of at most ${this.mostPairs}  ${place}`, `pair ${pair}  ${place}`],
      primary: this.primaries.get(scenario) ?? '',
    })
  }

  stage(text: string): void {
    this.view.stage(text)
  }

  progress(progress: LoadProgress): void {
    this.view.progress(progress)
  }

  trialEnded(record: TrialRecord): void {
    const faults = faultLines(record)
    if (faults.length > 0)
      this.view.line(`${this.title}${record.failure ? `  FAILED (${record.failure.stage})` : ''}`, { tone: 'red' })
    for (const line of faults) this.view.line(line, { tone: 'red' })
  }

  /** What the newest pair says, and what came of a look, if there was one. */
  pairEnded(run: Run): void {
    const { scenario, key } = run.records.at(-1)!
    const changes = run.header
      .comparison!.metrics.filter((metric) => metric.scenario === scenario)
      .map(({ metric }) => `${changeOfPair(run, scenario, metric, key.pair)} ${metric}`)
    const told = `pair ${key.pair}  ${scenario}  ${changes.join(', ')}`
    this.view.line(`${told}  (${formatTime(this.leftS())} left)`, { live: [told] })
    for (const comparison of compareGateMetrics(run)) this.tellLook(comparison)
  }

  private tellLook(comparison: PairedComparison): void {
    const { scenario, metric, looks } = comparison
    const name = JSON.stringify([scenario, metric])
    const look = looks.at(-1)
    if (!look || look.pairs === this.looksTold.get(name)) return
    this.looksTold.set(name, look.pairs)
    const { estimate, lower, upper, pairs, verdict } = look
    const found = estimate === null ? 'no ratio' : formatPercent(estimate)
    const interval = lower === null || upper === null ? '' : ` (${formatPercentRange(lower, upper)})`
    this.view.line(`  look at ${pairs} pairs  ${scenario}: ${metric} ${found}${interval}: ${verdict}`)
  }

  /** It ends when it has its answer: the budget is the most that it takes. */
  private course(): Course {
    const leftS = this.leftS()
    return { spentS: this.budgetMs / 1000 - leftS, leftS, isLimit: true }
  }

  private leftS(): number {
    return Math.max(0, this.budgetMs - this.spentBeforeMs - (this.now() - this.startedMs)) / 1000
  }

  end(): void {
    this.view.end()
  }
}

/** A comparison that cannot come to a look says so before it starts. */
function tooShort(plan: ComparisonPlan, roundS: number): string[] {
  const needed = Math.min(plan.looks[0] ?? 0, fewestPairsOf(plan))
  const fitting = Math.floor(plan.budgetMs / 1000 / roundS)
  if (needed <= fitting) return []
  return [
    `WARNING: about ${counted(fitting, 'pair')} will fit into the budget, and a look needs ${needed}: --budget ${Math.ceil((needed * roundS) / 60)}m`,
  ]
}

function changeOfPair(run: Run, scenario: string, metric: string, pair: number): string {
  const pairs = pairsOf(run, scenario, run.header.comparison!.variant).filter((each) => each.pair === pair)
  const log = usablePairs(pairs, wantedId({ scenario, metric }, run))[0]?.log ?? null
  return log === null ? 'unusable' : formatPercent(Math.expm1(log))
}
