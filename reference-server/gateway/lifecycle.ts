/**
 * What a turn or a proxied request goes through, in this order. Each name stands for the moment at which the stage is
 * reached. A turn has a first token and a proxied request a first byte; what fails skips those in between.
 */
export const stages = [
  'accepted',
  'admitted',
  'upstream-started',
  'first-byte',
  'first-token',
  'delivered',
  'closed',
] as const

export type Stage = (typeof stages)[number]

const indexOf = Object.fromEntries(stages.map((stage, index) => [stage, index])) as Record<Stage, number>

/** The moments of one request. Marking costs one reading of the clock, so each is followed, not a sample. */
export class Lifecycle {
  /** ms of performance.now(); 0 for a stage that was not reached (yet). */
  readonly #atMs: number[] = stages.map(() => 0)

  constructor(nowMs = performance.now()) {
    this.#atMs[0] = nowMs
  }

  /** The first time counts: a turn of several calls to the model started its upstream once. */
  mark(stage: Stage, nowMs = performance.now()): void {
    const index = indexOf[stage]
    if (this.#atMs[index] === 0) this.#atMs[index] = nowMs
  }

  /** Milliseconds from acceptance; undefined for a stage that was not reached. */
  sinceAccepted(stage: Stage): number | undefined {
    const atMs = this.#atMs[indexOf[stage]]!
    return atMs === 0 ? undefined : atMs - this.#atMs[0]!
  }

  /** How long each stage that was reached took from the one reached before it. */
  *durations(): Generator<[stage: Stage, ms: number]> {
    let beforeMs = this.#atMs[0]!
    for (let index = 1; index < stages.length; index++) {
      const atMs = this.#atMs[index]!
      if (atMs === 0) continue
      yield [stages[index]!, atMs - beforeMs]
      beforeMs = atMs
    }
  }

  /**
   * The value of a `Server-Timing` header: `admitted;dur=0.1, upstream-started;dur=1.2, ...`, each the time since the
   * stage before it, and the total so far.
   */
  serverTiming(): string {
    let entries = ''
    for (const [stage, ms] of this.durations()) entries += `${stage};dur=${tenths(ms)}, `
    return `${entries}total;dur=${tenths(performance.now() - this.#atMs[0]!)}`
  }
}

/** Ten times as fast as toFixed(1), of which a turn would need six. */
const tenths = (ms: number): string => {
  const whole = Math.round(10 * ms)
  const rest = whole % 10
  return `${(whole - rest) / 10}.${rest}`
}
