import type { SampleTags, TagSource } from '../../../metrics/registry.ts'
import { mulberry32 } from '../../../random.ts'
import type { CookieStore } from '../k6/cookie-store.ts'
import { MissedCall } from '../k6/missed-calls.ts'
import { NotProvided } from '../k6/not-provided.ts'
import type { TestContext } from '../load-test/test-context.ts'
import type { ScriptExports } from '../script/load.ts'
import { HttpPool } from '../transport/http-pool.ts'

/** What a user needs to know of the k6 scenario that it works for. */
export interface UserScenario {
  index: number
  name: string
  executor: string
  exec: string
  env: Record<string, string>
  tags: Record<string, string>
  startMs: number
  progress(): number
  /** Counts iterations over all users of the scenario in this process, from 0. */
  nextIteration(): number
  /** What that count is in the whole test, of which this process may run a part. */
  iterationInTest(local: number): number
}

export type IterationOutcome = 'completed' | 'failed' | 'interrupted'

/** What a user does for its scenario. */
export interface Assignment {
  body(data: unknown): unknown
  data: unknown
  afterIteration(outcome: IterationOutcome): void
}

/** Who is told of the end of an iteration. */
export interface IterationListener {
  iterationEnded(user: VirtualUser, outcome: IterationOutcome): void
}

/** Something that a user holds open and that must go when the user is stopped: a timer, a socket. */
export interface Resource {
  release(): void
}

/**
 * One virtual user: one instance of the script with its own connections, timers and tags. It runs one iteration at a
 * time; an iteration ends when the script's function has returned and nothing is left on the user's event loop.
 *
 * k6 gives every user a JavaScript VM that stands still inside a blocking call. Here the script was made asynchronous,
 * so standing still is played: while `blockingCalls` is not 0, events of this user queue and run afterwards.
 */
export class VirtualUser implements TagSource {
  readonly id: number
  readonly context: TestContext
  readonly pool: HttpPool
  readonly env: Record<string, string>
  exports: ScriptExports = {}
  scenario: UserScenario | null = null
  /** `::group::inner`, as k6's tag has it; empty outside of groups. */
  group = ''
  customTags: Record<string, string> | null = null
  /** What `exec.vu.metrics.metadata` holds: goes with samples, but makes no sub-metric. */
  metadata: Record<string, string> | null = null
  iterationInInstance = -1
  iterationInScenario = -1
  /** Counted over all users of the scenario in this process. */
  iterationOfScenario = -1
  /** What the scenario lets it run, with what setup() gave; whom it tells afterwards. */
  assignment: Assignment | null = null
  /** When its iteration started, CLOCK_MONOTONIC ms. */
  startedMs = Number.NaN
  /** When the operation that comes next should have started, if the schedule or a sleep says so; else NaN. */
  dueMs = Number.NaN
  /** Set for good when the user was stopped in the middle of an iteration: nothing it still asks for happens. */
  isStopped = false
  /** It ended the test itself, with `exec.test.abort()`. */
  callsAbort = false
  /** True while the script's module body runs. */
  isInitialising = false
  /** What `http.setResponseCallback` set: null judges no response; undefined where it was not called. */
  responseCallback: ((status: number) => boolean) | null | undefined = undefined
  /** Made when a response sets the first one, or the script asks for them. */
  cookies: CookieStore | null = null
  /** The script's Math: the process's own, unless the user seeds its random numbers. */
  math: Math = Math

  /** Lines of the script that may block while the user is inside of a call: handlers of `ws.connect` and `sse.open`. */
  handlersInside = 0
  /** The script has promises of its own: jobs of theirs run, and may block, while the user is inside of a call. */
  hasPromiseJobs = false

  /** Whether the iteration met anything that had to be waited for: a request, a timer, a socket. */
  hasWaited = false

  /** What `env` held before the scenario put its own values there. */
  private shadowedEnv: [name: string, value: string | undefined][] = []
  private readonly resources = new Set<Resource>()
  private blockingCalls = 0
  private queue: (() => unknown)[] = []
  private flushIsPlanned = false
  private isMainRunning = false
  /** Grows when an iteration is cut short, so that what it left behind cannot touch a later one. */
  private epoch = 0
  private onMain = this.mainHandlers()
  private pending = 0
  private listener: IterationListener | null = null

  constructor(id: number, context: TestContext, env: Record<string, string>) {
    this.id = id
    this.context = context
    this.env = env
    this.pool = new HttpPool(context.connections, id, context.deadlines, context.now)
  }

  /** `randomSeed`: from here on Math.random of this user repeats. */
  seedRandom(seed: number): void {
    const math = this.math as { random(): number }
    math.random = mulberry32(seed)
  }

  get scenarioIndex(): number {
    return this.scenario === null ? 0 : this.scenario.index
  }

  /** Begins to work for a scenario. */
  join(scenario: UserScenario): void {
    if (this.scenario === scenario) return
    this.scenario = scenario
    this.iterationInScenario = -1
    this.metadata = null
    const tags = { ...this.context.options.tags, ...scenario.tags }
    this.customTags = Object.keys(tags).length > 0 ? tags : null
    for (const [name, value] of this.shadowedEnv) {
      if (value === undefined) delete this.env[name]
      else this.env[name] = value
    }
    this.shadowedEnv = Object.keys(scenario.env).map((name) => [name, this.env[name]])
    Object.assign(this.env, scenario.env)
  }

  /**
   * Runs one iteration of `fn` and resolves when nothing of it is left. Never rejects: an exception of the script is
   * logged and ends the iteration, as in k6.
   * @param dueMs when the schedule wanted it to start; NaN in a closed loop
   */
  runIteration(fn: (data: unknown) => unknown, data: unknown, dueMs: number): Promise<IterationOutcome> {
    return new Promise((resolve) =>
      this.startIteration(fn, data, dueMs, { iterationEnded: (_, outcome) => resolve(outcome) }),
    )
  }

  /** The same without a promise of its own; the listener may be called before this returns. */
  startIteration(fn: (data: unknown) => unknown, data: unknown, dueMs: number, listener: IterationListener): void {
    this.iterationInInstance++
    this.iterationInScenario++
    this.iterationOfScenario = this.scenario?.nextIteration() ?? 0
    this.dueMs = dueMs
    this.hasWaited = false
    if (this.cookies !== null) this.resetCookies()
    this.listener = listener
    this.isMainRunning = true
    const { blockingCalls } = this
    try {
      const result = fn(data)
      if (result instanceof Promise) result.then(this.onMain.done, this.onMain.failed)
      else {
        if (this.blockingCalls > blockingCalls) this.reportMissed()
        this.onMain.done()
      }
    } catch (error) {
      this.onMain.failed(error)
    }
  }

  private resetCookies(): void {
    if (!this.context.options.noCookiesReset) this.cookies = null
  }

  /** Made once for many iterations, and anew only when one of them was cut short. */
  private mainHandlers(): { done(): void; failed(error: unknown): void } {
    const { epoch } = this
    return {
      done: () => {
        if (this.isStopped || epoch !== this.epoch) return
        this.isMainRunning = false
        if (this.blockingCalls !== 0) this.assertAllAwaited()
        this.finishIfIdle()
      },
      failed: (error) => {
        if (epoch === this.epoch) this.isMainRunning = false
        this.failIteration(error, epoch)
      },
    }
  }

  /** Logs what the script threw and ends the iteration that it belongs to, with all that is still open or waits. */
  private failIteration(error: unknown, epoch: number): void {
    if (this.isStopped) return
    // A missed call was told of where it was found.
    if (!(error instanceof MissedCall)) this.context.log('error', this.context.describeError(error))
    if (error instanceof NotProvided) this.context.giveUp(error.message)
    if (epoch !== this.epoch) return
    if (this.isMainRunning || this.pending > 0) this.cutShort()
    this.dropResources()
    this.queue.length = 0
    this.end('failed')
  }

  private cutShort(): void {
    this.isMainRunning = false
    this.epoch++
    this.onMain = this.mainHandlers()
  }

  private finishIfIdle(): void {
    if (this.isMainRunning || this.pending > 0 || this.queue.length > 0 || this.blockingCalls > 0) return
    this.end('completed')
  }

  private end(outcome: IterationOutcome): void {
    const { listener } = this
    if (listener === null) return
    this.listener = null
    if (this.context.samples !== null) this.context.samples.iterationEnded(this)
    this.group = ''
    if (this.context.connections.noVUConnectionReuse) this.pool.onIterationEnd()
    listener.iterationEnded(this, outcome)
  }

  /** Stops the user in the middle of whatever it does; the script cannot catch it. The user cannot be used again. */
  stop(): void {
    if (this.isStopped) return
    this.isStopped = true
    this.queue.length = 0
    this.dropResources()
    this.pool.destroy()
    this.end('interrupted')
  }

  get isBusy(): boolean {
    return this.listener !== null
  }

  // --- the user's event loop ---

  /** Something is open that may still call back: the iteration goes on until it is released. */
  hold(resource: Resource): void {
    this.resources.add(resource)
    this.pending++
    this.hasWaited = true
  }

  letGo(resource: Resource): void {
    if (!this.resources.delete(resource)) return
    this.pending--
    this.finishIfIdle()
  }

  private dropResources(): void {
    for (const resource of this.resources) resource.release()
    this.resources.clear()
    this.pending = 0
  }

  /** Runs a callback of the script now, or after the blocking call that the user is inside of. */
  dispatch(callback: () => unknown): void {
    if (this.isStopped) return
    if (this.blockingCalls === 0 && this.queue.length === 0) this.runCallback(callback)
    else this.queue.push(callback)
  }

  /** A callback keeps the iteration alive until it is through, also one that blocks. */
  private runCallback(callback: () => unknown): void {
    const { epoch, blockingCalls } = this
    this.pending++
    try {
      const result = callback()
      if (result instanceof Promise) this.followCallback(result, epoch)
      else {
        if (this.blockingCalls > blockingCalls) this.reportMissed()
        this.onCallbackDone(epoch)
      }
    } catch (error) {
      this.failIteration(error, epoch)
    }
  }

  private followCallback(result: Promise<unknown>, epoch: number): void {
    result.then(
      () => this.onCallbackDone(epoch),
      (error) => this.failIteration(error, epoch),
    )
  }

  private onCallbackDone(epoch: number): void {
    if (this.isStopped || epoch !== this.epoch) return
    this.pending--
    if (this.blockingCalls !== 0) this.assertAllAwaited()
    this.finishIfIdle()
  }

  /** @param what is called: `sleep()`, or the method of a request */
  enterBlockingCall(what: string): void {
    if (this.blockingCalls !== 0) this.assertMayBlock(what)
    this.blockingCalls++
    this.hasWaited = true
  }

  /** In k6 a user that stands still cannot call anything: then the script did not wait for the call before. */
  private assertMayBlock(what: string): void {
    if (this.blockingCalls <= this.handlersInside || this.hasPromiseJobs || this.isStopped) return
    const missed = new MissedCall(
      `a blocking call (${what}) was made while an earlier one of this user was still under way`,
    )
    this.context.log('error', this.context.describeError(missed))
    this.context.giveUp(missed.message)
    throw missed
  }

  /** The main function, or a callback, is through: so must be all calls that it made. */
  private assertAllAwaited(): void {
    if (this.blockingCalls > this.handlersInside && !this.hasPromiseJobs) this.reportMissed()
  }

  /** No job of a promise runs in between: what a function that gave no promise leaves under way was missed. */
  private reportMissed(): void {
    if (this.isStopped) return
    const { message } = new MissedCall('a function of the script ended while a blocking call was still under way')
    this.context.log('error', message)
    this.context.giveUp(message)
  }

  leaveBlockingCall(): void {
    this.blockingCalls--
    if (this.queue.length > 0 || !this.isMainRunning) this.planFlush()
  }

  /** After the script went on (microtasks) and did not block again, what was queued may run. */
  private planFlush(): void {
    if (this.flushIsPlanned) return
    this.flushIsPlanned = true
    setImmediate(() => {
      this.flushIsPlanned = false
      while (this.blockingCalls === 0 && this.queue.length > 0 && !this.isStopped) this.runCallback(this.queue.shift()!)
      this.finishIfIdle()
    })
  }

  // --- time ---

  /**
   * When the operation that starts now should have started: the schedule's time for the first operation behind a
   * schedule point, else now. Taking it uses it up.
   */
  takeIntendedStart(nowMs: number): number {
    const due = this.dueMs
    if (Number.isNaN(due)) return nowMs
    this.dueMs = Number.NaN
    return due < nowMs ? due : nowMs
  }

  /** A schedule point was reached (end of a sleep, a timer): how late is the generator itself? */
  reachSchedulePoint(dueMs: number): void {
    this.dueMs = dueMs
    const lateMs = this.context.now() - dueMs
    this.context.metrics.generator_lateness.add(lateMs > 0 ? lateMs : 0, this.scenarioIndex, null)
  }

  tag(name: string): string | undefined {
    const { systemTags } = this.context.options
    if (name === 'scenario' && systemTags.has(name)) return this.scenario?.name
    if (name === 'group' && systemTags.has(name)) return this.group
    return this.customTags?.[name] ?? this.context.options.tags[name]
  }

  collect({ tags, metadata }: SampleTags): void {
    const { systemTags, tags: tagsOfTest } = this.context.options
    Object.assign(tags, tagsOfTest, this.customTags)
    if (this.scenario !== null && systemTags.has('scenario')) tags.scenario = this.scenario.name
    if (systemTags.has('group')) tags.group = this.group
    Object.assign(metadata, this.metadata)
    if (systemTags.has('vu')) metadata.vu = String(this.id)
    if (systemTags.has('iter') && this.scenario !== null) metadata.iter = String(this.iterationInInstance)
  }
}

/** A Math of its own, for scripts that seed their random numbers. */
export function ownMath(): Math {
  const own = Object.create(null)
  for (const name of Object.getOwnPropertyNames(Math)) own[name] = Math[name as keyof Math]
  return own as Math
}
