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
    user.enterBlockingCall('sleep()')
    const delayMs = Math.max(0, seconds * 1000)
    this.dueMs = user.context.now() + delayMs
    this.timer = setTimeout(() => this.wake(), delayMs)
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
    this.user.leaveBlockingCall()
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
  return checkInTurn({ user, value, checks, tags }, Object.keys(checks), true)
}

interface Checking {
  user: VirtualUser
  value: unknown
  checks: Record<string, unknown>
  tags: Record<string, string> | undefined
}

/** A function that blocks is waited for before the next one is called, as in k6. */
function checkInTurn(checking: Checking, names: readonly string[], passedSoFar: boolean): boolean | Promise<boolean> {
  let allPassed = passedSoFar
  for (const [index, name] of names.entries()) {
    const outcome = outcomeOf(checking, name)
    if (outcome instanceof Promise) {
      return outcome.then(
        (late) => {
          const passed = record(checking, name, late)
          return checkInTurn(checking, names.slice(index + 1), passed && allPassed)
        },
        (error) => fail(checking, name, error),
      )
    }
    if (!record(checking, name, outcome)) allPassed = false
  }
  return allPassed
}

function outcomeOf(checking: Checking, name: string): unknown {
  const rule = checking.checks[name]
  if (typeof rule !== 'function') return rule
  try {
    return rule(checking.value)
  } catch (error) {
    return fail(checking, name, error)
  }
}

/** k6: a check that throws has failed, and ends the iteration. */
function fail(checking: Checking, name: string, error: unknown): never {
  if (!(error instanceof Interrupted)) record(checking, name, false)
  throw error
}

function record({ user, tags }: Checking, name: string, outcome: unknown): boolean {
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
