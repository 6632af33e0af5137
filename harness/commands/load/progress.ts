import type { LoadProgress, ScenarioFacts } from '../../engine/port.ts'
import type { Course } from '../live/moment.ts'
import type { Output } from '../live/output.ts'
import { LiveView, type ViewSetting } from '../live/view.ts'

/** Tells how far a load is: on a terminal in a block that moves, elsewhere in a line a second. */
export class LoadPrinter {
  private readonly output: Output
  private readonly view: LiveView
  private readonly script: string
  private course: Course = { spentS: 0, leftS: 0, isLimit: false }

  /** @param script as it is called on the command line */
  constructor(output: Output, script: string, setting: ViewSetting = {}) {
    this.output = output
    this.script = script
    this.view = new LiveView(output, () => this.course, setting)
  }

  planned({ descriptions, durationS, notes }: ScenarioFacts): void {
    for (const line of descriptions) this.view.line(`  ${line}`)
    this.course = { spentS: 0, leftS: durationS, isLimit: false }
    this.view.trialStarted({ wordings: [this.script], primary: notes.primary?.split(/[ {]/)[0] ?? '' })
    this.view.stage('starting')
  }

  started(): void {
    this.view.stage('running')
  }

  progress(progress: LoadProgress): void {
    const { elapsedS, durationS, vus, iterations, iterationsPerS } = progress
    this.course = { spentS: elapsedS, leftS: Math.max(0, durationS - elapsedS), isLimit: false }
    this.view.progress(progress)
    if (this.view.isMoving) return
    const time = `${Math.round(elapsedS)}s of ${Math.round(durationS)}s`
    this.output.write(`  ${time}  ${vus} users  ${iterations} iterations (${iterationsPerS.toFixed(1)}/s)\n`)
  }

  /** Takes the block away, if there is one. */
  end(): void {
    this.view.end()
  }
}

/** Of `--quiet`: nothing is shown, and pages are told all the same. */
export const nowhere: Output = { write() {} }
