import type { ScenarioState } from '../compare/scenario-states.ts'
import type { ComparisonPlan, Run, RunHeader, TrialRecord } from '../record/schema.ts'
import type { PlannedTrial } from '../schedule.ts'
import { looksWithin } from './comparison.ts'
import type { Course } from './course.ts'
import type { ComparisonRequest } from './request.ts'

export interface PairCourseSetting extends Pick<ComparisonRequest, 'mostPairs' | 'statistics'> {
  plan: ComparisonPlan
  trials: readonly PlannedTrial[]
  /** Seconds that a pair of a scenario takes, before any has run. */
  expectedS(scenario: string): number
  /** Ms, of a clock that only goes forwards. */
  now(): number
}

/**
 * Pairs of two variants until their gate metrics are decided or the budget is spent: a scenario that needs no more drops
 * out, and no pair is begun that would not end within the budget, going by the longest so far.
 */
export class PairCourse implements Course {
  readonly trials: readonly PlannedTrial[]
  private readonly setting: PairCourseSetting
  private readonly spentBeforeMs: number
  private readonly startedMs: number
  private readonly begun = new Set<string>()
  private readonly unaffordable = new Set<string>()
  private plan: ComparisonPlan
  private states: ReadonlyMap<string, ScenarioState> = new Map()
  private seconds: PairSeconds

  /** @param before what a run that is resumed has already */
  constructor(setting: PairCourseSetting, before: Run) {
    this.setting = setting
    this.plan = setting.plan
    this.trials = setting.trials
    this.seconds = pairSeconds(before.records)
    this.startedMs = setting.now()
    this.spentBeforeMs = 1000 * before.records.reduce((sum, { durationS }) => sum + durationS, 0)
    for (const { scenario, key } of before.records) this.begun.add(nameOf(scenario, key.pair))
    if (before.records.length > 0) this.states = setting.statistics.statesOf(before)
  }

  asksFor({ scenario, pair }: PlannedTrial): boolean {
    // Who has one side of a pair wants the other: a run that is resumed has whole pairs only.
    if (this.begun.has(nameOf(scenario, pair))) return true
    if ((this.states.get(scenario) ?? 'open') !== 'open' || this.unaffordable.has(scenario)) return false
    if (this.spentMs() + 1000 * this.longestS(scenario) > this.plan.budgetMs) this.unaffordable.add(scenario)
    else this.begun.add(nameOf(scenario, pair))
    return !this.unaffordable.has(scenario)
  }

  heard(run: Run): Partial<RunHeader> {
    this.seconds = pairSeconds(run.records)
    this.correctLooks()
    this.states = this.setting.statistics.statesOf({ ...run, header: { ...run.header, comparison: this.plan } })
    return { comparison: this.plan }
  }

  /**
   * What the budget lets in is known better by the pairs that ran. From the first look on the plan stays as it is: when to
   * look must not depend on what was seen.
   */
  private correctLooks(): void {
    const counts = [...this.seconds.values()].map(({ length }) => length)
    if (Math.max(...counts) >= this.plan.looks[0]!) return
    const scenarios = [...new Set(this.trials.map(({ scenario }) => scenario))]
    const pairsS = scenarios.map((scenario) => this.meanS(scenario))
    this.plan = { ...this.plan, looks: looksWithin(this.plan, this.setting, pairsS) }
  }

  atEnd(isCut: boolean): Partial<RunHeader> {
    return { comparison: { ...this.plan, ended: isCut ? 'interrupted' : this.endOf([...this.states.values()]) } }
  }

  private endOf(states: ScenarioState[]): ComparisonPlan['ended'] {
    if (states.length > 0 && states.every((state) => state === 'decided')) return 'decided'
    if (this.unaffordable.size > 0) return 'budget'
    return states.length > 0 && states.every((state) => state === 'unusable') ? 'unusable' : 'most-pairs'
  }

  private spentMs(): number {
    return this.spentBeforeMs + this.setting.now() - this.startedMs
  }

  private longestS(scenario: string): number {
    const seconds = this.seconds.get(scenario)
    return seconds ? Math.max(...seconds) : this.setting.expectedS(scenario)
  }

  private meanS(scenario: string): number {
    const seconds = this.seconds.get(scenario)
    if (!seconds) return this.setting.expectedS(scenario)
    return seconds.reduce((sum, each) => sum + each, 0) / seconds.length
  }
}

const nameOf = (scenario: string, pair: number): string => `${pair} ${scenario}`

type PairSeconds = ReadonlyMap<string, readonly number[]>

/** By scenario the seconds of its pairs of which both sides have run. */
function pairSeconds(records: readonly TrialRecord[]): PairSeconds {
  const sides = new Map<string, TrialRecord[]>()
  for (const record of records) {
    const name = nameOf(record.scenario, record.key.pair)
    sides.set(name, [...(sides.get(name) ?? []), record])
  }
  const seconds = new Map<string, number[]>()
  for (const [a, b] of sides.values()) {
    if (!a || !b) continue
    seconds.set(a.scenario, [...(seconds.get(a.scenario) ?? []), a.durationS + b.durationS])
  }
  return seconds
}
