import { Interrupted } from '../users/interrupted.ts'
import type { VirtualUser } from '../users/vu.ts'
import { lazyModule } from './port.ts'
import { checkTag } from './tags.ts'

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
      user.context.markFailed(reason ?? '')
    },
    get options() {
      return user.context.options.consolidated
    },
  }),
})

class VuInfo {
  readonly #owner: VirtualUser
  constructor(user: VirtualUser) {
    this.#owner = user
  }
  get #user(): VirtualUser {
    if (this.#owner.isInitialising) throw new Error('getting VU information in the init context is not supported')
    return this.#owner
  }
  get idInInstance(): number {
    return this.#user.id
  }
  get idInTest(): number {
    const { id, context } = this.#user
    return id === 0 ? 0 : context.options.segment.globalIndex(id - 1) + 1
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
        checkTag(String(name), value)
        return Reflect.set(own, name, String(value))
      },
    })
  }
  get metrics(): { tags: Record<string, string>; metadata: Record<string, string> } {
    const metadata = (this.#user.metadata ??= {})
    return {
      tags: this.tags,
      metadata: new Proxy(metadata, { set: (own, name, value) => Reflect.set(own, name, String(value)) }),
    }
  }
}

class ScenarioInfo {
  readonly #user: VirtualUser
  constructor(user: VirtualUser) {
    this.#user = user
  }
  get #scenario() {
    const { scenario } = this.#user
    if (!scenario) throw new Error('getting scenario information outside of the VU context is not supported')
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
  get iterationInInstance(): number {
    return this.#user.iterationOfScenario
  }
  get iterationInTest(): number {
    return this.#scenario.iterationInTest(this.#user.iterationOfScenario)
  }
}

class InstanceInfo {
  readonly #owner: VirtualUser
  constructor(user: VirtualUser) {
    this.#owner = user
  }
  get #user(): VirtualUser {
    if (this.#owner.isInitialising) throw new Error('getting instance information in the init context is not supported')
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
