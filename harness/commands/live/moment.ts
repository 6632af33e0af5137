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
  private readonly kept = new Map<string, SecondsOf>()

  /** Puts one more second behind those that are there: null for each series that it has nothing of. */
  add(second: readonly SecondValue[]): void {
    const told = new Map(second.map(({ metric, stat, value }) => [`${metric} ${stat}`, value]))
    for (const key of new Set([...this.kept.keys(), ...told.keys()])) {
      const [before, value] = [this.kept.get(key), told.get(key) ?? null]
      if (!before && value === null) continue
      this.kept.set(key, { value, values: [...(before?.values ?? []), value].slice(-mostKept) })
    }
  }

  clear(): void {
    this.kept.clear()
  }

  /** The newest second of a series with those before it; undefined until it has had a value. */
  of(metric: string, stat: string): SecondsOf | undefined {
    return this.kept.get(`${metric} ${stat}`)
  }
}

/** Null where a second has none. */
interface SecondsOf {
  value: number | null
  values: readonly (number | null)[]
}

/** As many as the widest sparkline shows. */
const mostKept = 60
