import type { TestContext } from 'node:test'
import type { CommonConfig, Executor, ScenarioRun } from '../../../../harness/engine/sessions/executors/port.ts'
import { type Segment, wholeTest } from '../../../../harness/engine/sessions/executors/segment.ts'
import type { IterationOutcome, VirtualUser } from '../../../../harness/engine/sessions/users/vu.ts'
import { ManualClock } from '../../../support/manual-clock.ts'

/** As much of a virtual user as executors see. */
class FakeUser {
  readonly id: number
  isStopped = false
  isBusy = false
  hasWaited = true
  #end: ((outcome: IterationOutcome) => void) | null = null
  readonly #run: FakeRun

  constructor(id: number, run: FakeRun) {
    this.id = id
    this.#run = run
  }

  begin(): Promise<IterationOutcome> {
    this.isBusy = true
    return new Promise((resolve) => (this.#end = resolve))
  }

  end(outcome: IterationOutcome): void {
    if (!this.isBusy) return
    this.isBusy = false
    this.#run.note(outcome === 'interrupted' ? 'stop' : 'end', this.id)
    this.#end?.(outcome)
  }

  stop(): void {
    this.isStopped = true
    this.end('interrupted')
  }
}

/** `[when in ms, what happened, to which user]` */
export type Happening = [atMs: number, what: 'start' | 'end' | 'stop' | 'drop', user?: number]

const common: CommonConfig = { name: 's', exec: 'default', startTimeMs: 0, gracefulStopMs: 30_000, env: {}, tags: {} }

/** A scenario under an executor, on a clock that the test moves, with iterations that last as long as the test says. */
export class FakeRun implements ScenarioRun {
  readonly happenings: Happening[] = []
  /** When the schedule wanted each start; NaN in closed loops. */
  readonly dues: number[] = []
  isStopping = false
  isOver = false
  readonly #clock = new ManualClock()
  readonly #lastsMs: (start: number) => number
  readonly #freeIds: number[] = []
  readonly #waiting = new Set<() => void>()
  readonly #busy = new Set<FakeUser>()
  readonly #maxVUs: number
  #users = 0

  /**
   * @param raw options of the executor, and `gracefulStopMs`
   * @param lastsMs how long the iteration lasts that starts as the nth (from 0)
   */
  constructor(
    t: TestContext,
    executor: Executor,
    raw: Record<string, unknown> & { gracefulStopMs?: number },
    lastsMs: (start: number) => number,
    segment: Segment = wholeTest,
  ) {
    const { gracefulStopMs = 30_000, ...own } = raw
    const config = executor.configure({ ...common, gracefulStopMs }, own, 'scenario "s"', segment)
    this.#maxVUs = config.maxVUs
    this.#lastsMs = lastsMs
    void config.run(this).then(() => (this.isOver = true))
    t.after(() => this.stop())
  }

  advanceTo(timeMs: number): Promise<void> {
    return this.#clock.advanceTo(timeMs)
  }

  /** What the runner does when the test is stopped from outside. */
  stop(): void {
    this.isStopping = true
    for (const user of this.#busy) user.stop()
    for (const resolve of this.#waiting) resolve()
  }

  note(what: Happening[1], user?: number): void {
    this.happenings.push(user === undefined ? [this.elapsedMs(), what] : [this.elapsedMs(), what, user])
  }

  /** Times at which this happened. */
  times(what: Happening[1]): number[] {
    return this.happenings.filter((happening) => happening[1] === what).map(([atMs]) => atMs)
  }

  get usersMade(): number {
    return this.#users
  }

  elapsedMs(): number {
    return this.#clock.now()
  }

  until(offsetMs: number): Promise<void> {
    if (this.isStopping) return Promise.resolve()
    return new Promise((resolve) => {
      this.#waiting.add(resolve)
      this.#clock.setTimer(resolve, offsetMs - this.elapsedMs())
    })
  }

  acquire(): VirtualUser {
    const id = this.#freeIds.shift() ?? ++this.#users
    return new FakeUser(id, this) as unknown as VirtualUser
  }

  grow(): VirtualUser | null {
    return this.#users < this.#maxVUs ? this.acquire() : null
  }

  release(user: VirtualUser): void {
    this.#freeIds.push(user.id)
  }

  async iterate(user: VirtualUser, dueMs: number): Promise<IterationOutcome> {
    const fake = user as unknown as FakeUser
    const lastsMs = this.#lastsMs(this.dues.length)
    this.dues.push(dueMs)
    this.note('start', fake.id)
    this.#busy.add(fake)
    if (Number.isFinite(lastsMs)) this.#clock.setTimer(() => fake.end('completed'), lastsMs)
    const outcome = await fake.begin()
    this.#busy.delete(fake)
    return outcome
  }

  start(user: VirtualUser, dueMs: number, onEnd: (outcome: IterationOutcome) => void): void {
    void this.iterate(user, dueMs).then(onEnd)
  }

  drop(count = 1): void {
    for (let dropped = 0; dropped < count; dropped++) this.note('drop')
  }

  warn(): void {}
}
