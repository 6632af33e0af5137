import type { Run } from '../record/schema.ts'
import { type PlannedTrial, planChecks, planTries } from '../schedule.ts'
import type { Course } from './course.ts'
import type { NextRate } from './request.ts'

export interface SaturationCourseSetting {
  /** Of the sweep, all blocks. */
  sweep: readonly PlannedTrial[]
  nextRate: NextRate
  /** The run with what it has at the time of the call. */
  soFar(): Run
}

/**
 * The sweep of connections, block by block, and the pairs of the cross-check; then the search for the highest rate, in rounds:
 * each variant has a try in each, so that what drifts meets all of them alike. What a try is of is decided when its turn comes,
 * from the records that there are: a run that is resumed decides the same.
 */
export class SaturationCourse implements Course {
  readonly trials: readonly PlannedTrial[]
  readonly certain: number
  private readonly setting: SaturationCourseSetting

  constructor(setting: SaturationCourseSetting) {
    const { header } = setting.soFar()
    const { crossCheck, rate } = header.saturation!
    const firstBlock = header.blocks + 1
    const checks = crossCheck ? planChecks({ ...crossCheck, firstBlock, seed: header.seed }) : []
    const sure = [...setting.sweep, ...checks]
    const variants = rate?.variants ?? header.variants.map(({ name }) => name)
    const design = { ...header, variants, firstBlock: firstBlock + (crossCheck?.pairs ?? 0) }
    this.setting = setting
    this.certain = sure.length
    this.trials = rate ? [...sure, ...planTries({ ...rate, ...design, rounds: rate.loads })] : sure
  }

  asksFor(trial: PlannedTrial): boolean {
    return !this.isTry(trial) || this.setting.nextRate(this.setting.soFar(), trial.variant) !== null
  }

  settled(trial: PlannedTrial): { rate: number } | null {
    const rate = this.isTry(trial) ? this.setting.nextRate(this.setting.soFar(), trial.variant) : null
    return rate === null ? null : { rate }
  }

  private isTry({ scenario }: PlannedTrial): boolean {
    return scenario === this.setting.soFar().header.saturation!.rate?.scenario
  }

  heard(): Record<string, never> {
    return {}
  }

  atEnd(): Record<string, never> {
    return {}
  }
}
