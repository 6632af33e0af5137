import type { LoadProgress, SecondValue } from '../../engine/port.ts'

/** How far the whole is: `leftS` at the most where it ends when it has its answer. */
export interface Course {
  spentS: number
  leftS: number
  isLimit: boolean
}

/** What is being measured, in wordings of which the longest that fits is shown. */
export interface Title {
  wordings: readonly string[]
  /** The trial's primary metric, without scope and statistic. */
  primary: string
}

/** All that the lines are drawn from. */
export interface Moment {
  title: Title
  /** `warming up` */
  stage: string
  course: Course
  /** Null until the load has begun. */
  progress: LoadProgress | null
  seconds: Seconds
}

/** The last seconds of a trial, by series. */
export class Seconds {
  private readonly kept = new Map<string, { value: number; values: number[] }>()

  add(second: readonly SecondValue[]): void {
    for (const { metric, stat, value } of second) {
      if (value === null) continue
      const key = `${metric} ${stat}`
      const values = this.kept.get(key)?.values ?? []
      values.push(value)
      this.kept.set(key, { value, values: values.slice(-mostKept) })
    }
  }

  clear(): void {
    this.kept.clear()
  }

  /** The newest value of a series with those before it; undefined where it has none. */
  of(metric: string, stat: string): { value: number; values: readonly number[] } | undefined {
    return this.kept.get(`${metric} ${stat}`)
  }
}

/** As many as the widest sparkline shows. */
const mostKept = 60
