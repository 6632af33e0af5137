import type { SampleTags } from '../../../metrics/registry.ts'
import type { ExecutorConfig, ScenarioRun } from '../executors/port.ts'
import type { TestContext } from '../load-test/test-context.ts'
import type { Alarm } from './alarms.ts'
import type { UserPool } from './users.ts'
import type { Assignment, IterationListener, IterationOutcome, UserScenario, VirtualUser } from './vu.ts'

/** What setup() returned, for each user to get a copy of its own, as in k6. */
export interface SetupData {
  copyFor(user: VirtualUser): unknown
}

/** A user has not been given its copy of what setup() returned. */
const notYet = Symbol('not yet')

/** One k6 scenario while it runs: gives its executor users, time and iterations, and counts what happens. */
export class ScenarioRunner implements ScenarioRun, UserScenario, IterationListener {
  readonly index: number
  readonly name: string
  readonly executor: string
  readonly exec: string
  readonly env: Record<string, string>
  readonly tags: Record<string, string>
  startMs = 0
  isStopping = false
  private config: ExecutorConfig
  private readonly context: TestContext
  private readonly pool: UserPool
  private readonly data: SetupData
  private readonly users = new Set<VirtualUser>()
  private readonly waits = new Map<() => void, Alarm>()
  private iterationsStarted = 0
  /** While it is told that an iteration ended: when. One that starts at once starts then. */
  private endedNowMs = Number.NaN
  private grown = 0

  /** @param index 1-based; 0 is setup and teardown */
  constructor(index: number, config: ExecutorConfig, context: TestContext, pool: UserPool, data: SetupData) {
    this.index = index
    this.name = config.name
    this.executor = config.executor
    this.exec = config.exec
    this.env = config.env
    this.tags = config.tags
    this.config = config
    this.context = context
    this.pool = pool
    this.data = data
  }

  async run(startMs: number): Promise<void> {
    this.startMs = startMs
    try {
      await this.config.run(this)
    } finally {
      this.stop()
    }
  }

  /**
   * One slice of a load that stands still between them, from `startMs` on: users loop for so long, and nothing of it is
   * under way any more when this resolves. Iterations are counted on; time is that of the slice.
   */
  async runSlice(startMs: number, lengthMs: number): Promise<void> {
    const config = this.config.cut?.(lengthMs)
    if (!config) throw new Error(`scenario "${this.name}": ${this.executor} cannot be cut into slices`)
    this.config = config
    this.startMs = startMs
    await config.run(this)
    this.endWaits()
  }

  /** Ends everything now: no new start, running iterations are interrupted. */
  stop(): void {
    this.isStopping = true
    for (const user of this.users) if (user.isBusy) user.stop()
    this.endWaits()
  }

  private endWaits(): void {
    for (const [resolve, alarm] of this.waits) {
      alarm.cancel()
      resolve()
    }
    this.waits.clear()
  }

  progress(): number {
    return Math.min(1, Math.max(0, this.elapsedMs() / this.config.durationMs))
  }

  iterationInTest(local: number): number {
    return this.config.iterationSegment.globalIndex(local)
  }

  nextIteration(): number {
    return this.iterationsStarted++
  }

  elapsedMs(): number {
    return this.context.now() - this.startMs
  }

  until(offsetMs: number): Promise<void> {
    if (this.isStopping) return Promise.resolve()
    return new Promise((resolve) => {
      const alarm = this.context.alarms.set(this.startMs + offsetMs, () => {
        this.waits.delete(resolve)
        resolve()
      })
      this.waits.set(resolve, alarm)
    })
  }

  acquire(): VirtualUser {
    const user = this.pool.acquire()
    user.join(this)
    user.assignment = this.assignmentFor(user)
    this.users.add(user)
    return user
  }

  grow(): VirtualUser | null {
    if (this.config.plannedVUs + this.grown >= this.config.maxVUs) {
      if (this.config.isOpenModel) {
        this.context.warnOnce(
          `scenario "${this.name}": all ${this.config.maxVUs} users are busy, so starts are dropped. Raise maxVUs, or lower the rate`,
        )
      }
      return null
    }
    this.grown++
    return this.acquire()
  }

  private assignmentFor(user: VirtualUser): Assignment {
    const body = user.exports[this.exec] as Assignment['body']
    return { body, data: notYet, afterIteration: () => {} }
  }

  release(user: VirtualUser): void {
    this.users.delete(user)
    user.assignment = null
    this.pool.release(user)
  }

  drop(count = 1): void {
    this.context.metrics.dropped_iterations.add(count, this.index, this)
  }

  warn(message: string): void {
    this.context.warnOnce(message)
  }

  tag(name: string): string | undefined {
    const { systemTags, tags } = this.context.options
    return name === 'scenario' && systemTags.has(name) ? this.name : (this.tags[name] ?? tags[name])
  }

  collect({ tags }: SampleTags): void {
    Object.assign(tags, this.context.options.tags, this.tags)
    if (this.context.options.systemTags.has('scenario')) tags.scenario = this.name
  }

  iterate(user: VirtualUser, dueMs: number): Promise<IterationOutcome> {
    return new Promise((resolve) => this.start(user, dueMs, resolve))
  }

  start(user: VirtualUser, dueMs: number, onEnd: (outcome: IterationOutcome) => void): void {
    const { context } = this
    const { assignment } = user
    if (assignment === null) throw new Error(`scenario "${this.name}": user ${user.id} was given back`)
    // Not all at once before the first start: there may be thousands of users, and much data.
    if (assignment.data === notYet) assignment.data = this.data.copyFor(user)
    const startedMs = Number.isNaN(this.endedNowMs) ? context.now() : this.endedNowMs
    this.endedNowMs = Number.NaN
    const dueAtMs = this.startMs + dueMs
    if (!Number.isNaN(dueMs)) context.metrics.generator_lateness.add(Math.max(0, startedMs - dueAtMs), this.index, null)
    context.counts.vusActive++
    assignment.afterIteration = onEnd
    user.startedMs = startedMs
    user.startIteration(assignment.body, assignment.data, dueAtMs, this)
  }

  iterationEnded(user: VirtualUser, outcome: IterationOutcome): void {
    this.context.counts.vusActive--
    const endedMs = this.context.now()
    this.count(user, outcome, endedMs)
    this.endedNowMs = endedMs
    if (this.context.options.minIterationDurationMs === 0) user.assignment?.afterIteration(outcome)
    else void this.untilLongEnough(user.startedMs).then(() => user.assignment?.afterIteration(outcome))
    this.endedNowMs = Number.NaN
  }

  /** `minIterationDuration`, though never beyond the end of the scenario. */
  private async untilLongEnough(startedMs: number): Promise<void> {
    const { durationMs, gracefulStopMs } = this.config
    const wantedMs = startedMs - this.startMs + this.context.options.minIterationDurationMs
    const offsetMs = Math.min(wantedMs, durationMs + gracefulStopMs)
    while (this.elapsedMs() < offsetMs && !this.isStopping) await this.until(offsetMs)
  }

  private count(user: VirtualUser, outcome: IterationOutcome, endedMs: number): void {
    const { context } = this
    if (outcome === 'interrupted') {
      context.counts.iterationsInterrupted++
      context.metrics.interrupted_iterations.add(1, this.index, user)
      // To k6 the iteration that ends the test itself is whole.
      if (!user.callsAbort) return
    } else context.counts.iterationsCompleted++
    context.metrics.iteration_duration.add(endedMs - user.startedMs, this.index, user)
    context.metrics.iterations.add(1, this.index, user)
  }
}
