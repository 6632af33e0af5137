import type { RowStart } from '../../calibrate/calibration.ts'
import { type Clock, systemClock } from '../../clock.ts'
import type { LoadProgress } from '../../engine/port.ts'
import type { Course } from '../live/moment.ts'
import type { Output } from '../live/output.ts'
import { LiveView, type ViewSetting } from '../live/view.ts'

/** Tells on a terminal which row of a calibration is being driven; what came of each is printed by others. */
export class CalibrationProgress {
  private readonly view: LiveView
  private readonly clock: Clock
  private startedMs = 0
  private current: Omit<RowStart, 'name'> = { number: 1, rows: 0, secondsEach: 0, isAgain: false }
  private further = 0

  constructor(output: Output, setting: ViewSetting = {}) {
    this.clock = setting.clock ?? systemClock
    this.view = new LiveView(output, () => this.course(), setting)
  }

  rowStarted(start: RowStart): void {
    const { name, number, rows } = start
    this.startedMs = this.clock.now()
    if (start.isAgain) this.further += 1
    this.current = start
    const place = start.isAgain ? `again ${this.further}` : `row ${number}/${rows}`
    this.view.trialStarted({ wordings: [`${place}  ${name}`], primary: 'http_req_intended_duration' })
    this.view.stage('driving')
  }

  progress(progress: LoadProgress): void {
    this.view.progress(progress)
  }

  /** Takes the block away, if there is one. */
  end(): void {
    this.view.end()
  }

  /** Of the rows that are certain, and of one that is driven again: which ones are nobody knows before. */
  private course(): Course {
    const { number, rows, secondsEach, isAgain } = this.current
    const [over, all] = isAgain ? [rows, rows + 1] : [number - 1, rows]
    const currentS = Math.min(secondsEach, (this.clock.now() - this.startedMs) / 1000)
    const spentS = over * secondsEach + currentS
    return { spentS, leftS: all * secondsEach - spentS, isLimit: false }
  }
}
