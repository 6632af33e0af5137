import { wholeTest } from '../executors/segment.ts'
import { Interrupted } from '../users/interrupted.ts'
import type { VirtualUser } from '../users/vu.ts'
import { GoError } from './go-error.ts'
import { lazyModule } from './port.ts'
import { isTagValue } from './tags.ts'

/** Module `k6/execution`. Everything is read at the moment of asking. */
export const executionModule = lazyModule({
  vu: (user) => new VuInfo(user),
  scenario: (user) => new ScenarioInfo(user),
  instance: (user) => new InstanceInfo(user),
  test: (user) => ({
    abort(reason?: string): never {
      const message = reason === undefined ? 'test aborted' : `test aborted: ${reason}`
      user.callsAbort = true
      user.context.abort(message)
      user.stop()
      throw new Interrupted(message)
    },
    fail(reason?: string): void {
      if (user.isInitialising) throw new GoError('execution.test.fail() called outside of VU context')
      user.context.markFailed(reason ?? '')
    },
    get options() {
      if (user.isInitialising) throw new GoError('getting test options in the init context is not supported')
      return user.context.options.consolidated
    },
  }),
})

/** Getters of a class as properties that its instances show when they are listed or written as JSON. */
function shownGetters(prototype: object): PropertyDescriptorMap {
  const getters = Object.entries(Object.getOwnPropertyDescriptors(prototype)).filter(([, { get }]) => get !== undefined)
  return Object.fromEntries(getters.map(([name, getter]) => [name, { ...getter, enumerable: true }]))
}

class VuInfo {
  static readonly #shown = shownGetters(VuInfo.prototype)
  readonly #owner: VirtualUser
  constructor(user: VirtualUser) {
    this.#owner = user
    Object.defineProperties(this, VuInfo.#shown)
  }
  get #user(): VirtualUser {
    if (this.#owner.isInitialising) throw new GoError('getting VU information in the init context is not supported')
    return this.#owner
  }
  get idInInstance(): number {
    return this.#user.id
  }
  get idInTest(): number {
    const { id, context } = this.#user
    return id === 0 ? 0 : context.options.instanceSegment.globalIndex(id - 1) + 1
  }
  get iterationInInstance(): number {
    return this.#user.iterationInInstance
  }
  get iterationInScenario(): number {
    return this.#user.iterationInScenario
  }
  /** The user's own tags, as text; `scenario` and `group` stand among them, to be read. */
  get tags(): Record<string, string> {
    const user = this.#user
    const tags = (user.customTags ??= { ...user.context.options.tags })
    if (!Object.hasOwn(tags, 'group')) {
      Object.defineProperty(tags, 'scenario', { enumerable: true, get: () => user.scenario?.name })
      Object.defineProperty(tags, 'group', { enumerable: true, get: () => user.group })
    }
    return new Proxy(tags, {
      set(own, name, value) {
        if (!isTagValue(value))
          throw new TypeError(`invalid value for metric tag '${String(name)}': ${onlyScalars} tag values`)
        if (name === 'scenario' || name === 'group')
          throw new TypeError(
            `the tag '${name}' of a user follows its work and cannot be set; give the tag another name`,
          )
        return Reflect.set(own, name, String(value))
      },
    })
  }
  get metrics(): { tags: Record<string, string>; metadata: Record<string, string> } {
    const metadata = (this.#user.metadata ??= {})
    return Object.freeze({
      tags: this.tags,
      metadata: new Proxy(metadata, {
        set(own, name, value) {
          if (!isTagValue(value))
            throw new TypeError(`invalid value for metric metadata '${String(name)}': ${onlyScalars} metadata value`)
          return Reflect.set(own, name, String(value))
        },
      }),
    })
  }
}

const onlyScalars = 'only String, Boolean and Number types are accepted as a metric'

class ScenarioInfo {
  static readonly #shown = shownGetters(ScenarioInfo.prototype)
  readonly #user: VirtualUser
  constructor(user: VirtualUser) {
    this.#user = user
    Object.defineProperties(this, ScenarioInfo.#shown)
  }
  get #scenario() {
    const { scenario } = this.#user
    if (!scenario) throw new GoError('getting scenario information outside of the VU context is not supported')
    return scenario
  }
  get name(): string {
    return this.#scenario.name
  }
  get executor(): string {
    return this.#scenario.executor
  }
  /** Milliseconds since the Unix epoch. */
  get startTime(): number {
    return Math.round(Date.now() - (this.#user.context.now() - this.#scenario.startMs))
  }
  get progress(): number {
    return this.#scenario.progress()
  }
  /** Generators that share a load are one instance. */
  get iterationInInstance(): number {
    const { iterationOfScenario, context } = this.#user
    return context.options.instanceSegment === wholeTest ? this.iterationInTest : iterationOfScenario
  }
  get iterationInTest(): number {
    return this.#scenario.iterationInTest(this.#user.iterationOfScenario)
  }
}

class InstanceInfo {
  static readonly #shown = shownGetters(InstanceInfo.prototype)
  readonly #owner: VirtualUser
  constructor(user: VirtualUser) {
    this.#owner = user
    Object.defineProperties(this, InstanceInfo.#shown)
  }
  get #user(): VirtualUser {
    if (this.#owner.isInitialising)
      throw new GoError('getting instance information in the init context is not supported')
    return this.#owner
  }
  get currentTestRunDuration(): number {
    const { startMs, now } = this.#user.context
    return startMs === 0 ? 0 : now() - startMs
  }
  get iterationsCompleted(): number {
    return this.#user.context.counts.iterationsCompleted
  }
  get iterationsInterrupted(): number {
    return this.#user.context.counts.iterationsInterrupted
  }
  get vusActive(): number {
    return this.#user.context.counts.vusActive
  }
  get vusInitialized(): number {
    return this.#user.context.counts.vusInitialized
  }
}
