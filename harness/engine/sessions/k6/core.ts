import { Interrupted } from '../users/interrupted.ts'
import type { VirtualUser } from '../users/vu.ts'
import { GoError } from './go-error.ts'
import { lazyModule } from './port.ts'
import { OwnTags } from './tags.ts'

/** Module `k6`. */
export const k6Module = lazyModule({
  sleep: (user) => (seconds: number) => sleep(user, seconds),
  check: (user) => (value: unknown, checks: Record<string, unknown>, tags?: Record<string, string>) =>
    check(user, value, checks, tags),
  group: (user) => (name: string, body: () => unknown) => group(user, name, body),
  fail: () => (message?: string) => {
    throw new GoError(message === undefined ? '' : String(message))
  },
  randomSeed: (user) => (seed: number) => user.seedRandom(seed),
})

/** A timer that keeps the iteration alive and goes with it. */
class Sleep {
  private readonly user: VirtualUser
  private readonly dueMs: number
  private readonly resolve: () => void
  private timer: NodeJS.Timeout

  constructor(user: VirtualUser, seconds: number, resolve: () => void) {
    this.user = user
    this.resolve = resolve
    const delayMs = Math.max(0, seconds * 1000)
    this.dueMs = user.context.now() + delayMs
    this.timer = setTimeout(() => this.wake(), delayMs)
    user.enterBlockingCall()
    user.hold(this)
  }

  private wake(): void {
    // Node may fire up to a millisecond early; a sleep is never shorter than it was asked to be.
    const remainingMs = this.dueMs - this.user.context.now()
    if (remainingMs > 0) {
      this.timer = setTimeout(() => this.wake(), remainingMs)
      return
    }
    this.user.reachSchedulePoint(this.dueMs)
    this.user.leaveBlockingCall()
    this.resolve()
    this.user.letGo(this)
  }

  release(): void {
    clearTimeout(this.timer)
  }
}

function sleep(user: VirtualUser, seconds: number): Promise<void> {
  assertRunning(user, 'sleep()')
  return new Promise<void>((resolve) => new Sleep(user, Number(seconds), resolve))
}

/**
 * Values are true, false, or functions of the checked value; a function that blocks makes the whole check a promise.
 * @returns whether all passed
 */
function check(
  user: VirtualUser,
  value: unknown,
  checks: Record<string, unknown>,
  tags?: Record<string, string>,
): boolean | Promise<boolean> {
  assertRunning(user, 'check()')
  for (const name of Object.keys(checks)) assertName(name)
  let allPassed = true
  const waiting: Promise<void>[] = []
  for (const name of Object.keys(checks)) {
    const rule = checks[name]
    const failed = (error: unknown): never => {
      // k6: a check that throws has failed, and ends the iteration.
      if (!(error instanceof Interrupted)) record(user, name, false, tags)
      throw error
    }
    const outcome = typeof rule === 'function' ? attempt(() => rule(value), failed) : rule
    if (outcome instanceof Promise) {
      waiting.push(
        outcome.then((late) => {
          if (!record(user, name, late, tags)) allPassed = false
        }, failed),
      )
    } else if (!record(user, name, outcome, tags)) allPassed = false
  }
  return waiting.length === 0 ? allPassed : Promise.all(waiting).then(() => allPassed)
}

function attempt(run: () => unknown, failed: (error: unknown) => never): unknown {
  try {
    return run()
  } catch (error) {
    return failed(error)
  }
}

function record(user: VirtualUser, name: string, outcome: unknown, tags: Record<string, string> | undefined): boolean {
  const passed = Boolean(outcome)
  const { context } = user
  context.checks.add(user.group, name, passed)
  const own = context.options.systemTags.has('check') ? { ...tags, check: name } : (tags ?? {})
  context.metrics.checks.add(passed ? 1 : 0, user.scenarioIndex, new OwnTags(user, own))
  return passed
}

/** Runs `body` under the group's name; @returns what `body` returns */
function group(user: VirtualUser, name: string, body: () => unknown): unknown {
  assertRunning(user, 'group()')
  if (typeof body !== 'function') throw new GoError('group() requires a callback as a second argument')
  name = String(name)
  assertName(name)
  const outer = user.group
  const startMs = user.context.now()
  // k6: a group without a name is the one that it stands in.
  user.group = name === '' ? outer : `${outer}::${name}`
  user.context.checks.enter(user.group)
  const leave = (): void => {
    user.context.metrics.group_duration.add(user.context.now() - startMs, user.scenarioIndex, user)
    user.group = outer
  }
  let result: unknown
  try {
    result = body()
  } catch (error) {
    leave()
    throw error
  }
  if (result instanceof Promise) return result.finally(leave)
  leave()
  return result
}

/** Paths of groups and checks are joined by what a name must therefore not hold. */
function assertName(name: string): void {
  if (name.includes('::')) throw new GoError("group and check names may not contain '::'")
}

/** Init code prepares; it does not act. A user that was stopped does nothing any more. */
export function assertRunning(user: VirtualUser, what: string): void {
  if (user.isStopped) throw new Interrupted()
  if (user.isInitialising)
    throw new Error(
      `${what} cannot be used at the top level of a script: call it in setup(), the default function or teardown()`,
    )
}
