import type { Segment } from '../executors/segment.ts'
import { globalsFor } from '../k6/globals.ts'
import { modulesFor } from '../k6/table.ts'
import type { TestContext } from '../load-test/test-context.ts'
import type { CompiledScript } from '../script/load.ts'
import { ownMath, VirtualUser } from './vu.ts'

/**
 * All users of a test. Users are initialised ahead of the load (running a script's module body costs time that must
 * not fall into the measurement) and shared by scenarios that follow one another, as in k6.
 */
export class UserPool {
  private readonly idle: VirtualUser[] = []
  private readonly freeIds: number[] = []
  private created = 0
  private readonly initialise: (id: number) => VirtualUser
  private readonly context: TestContext
  private readonly part: Segment

  /** @param part of the load that runs here: its users have the ids that are its own, so that no two of the load have the same */
  constructor(initialise: (id: number) => VirtualUser, context: TestContext, part: Segment) {
    this.initialise = initialise
    this.context = context
    this.part = part
  }

  /** Initialises users until so many are idle or they are not wanted any more, giving the event loop a turn now and then. */
  async prepare(count: number, areWanted: () => boolean): Promise<void> {
    while (this.idle.length < count && areWanted()) {
      for (let index = 0; index < 500 && this.idle.length < count; index++) this.idle.push(this.create())
      await new Promise((resolve) => setImmediate(resolve))
    }
    // The lowest id is handed out first.
    this.idle.sort((a, b) => b.id - a.id)
  }

  acquire(): VirtualUser {
    return this.idle.pop() ?? this.create()
  }

  release(user: VirtualUser): void {
    if (user.isStopped) {
      this.context.counts.vusInitialized--
      this.freeIds.push(user.id)
    } else {
      this.idle.push(user)
    }
  }

  private create(): VirtualUser {
    const user = this.initialise(this.freeIds.pop() ?? this.part.globalIndex(this.created++) + 1)
    this.context.counts.vusInitialized++
    return user
  }

  destroy(): void {
    for (const user of this.idle) user.stop()
    this.idle.length = 0
  }
}

/** One instance of the script. @param id 0 for the user that runs setup and teardown */
export function createUser(
  id: number,
  script: CompiledScript,
  context: TestContext,
  env: Record<string, string>,
): VirtualUser {
  const user = new VirtualUser(id, context, { ...env })
  user.isInitialising = true
  user.hasPromiseJobs = script.hasPromiseJobs
  if (script.imports.get('k6')?.some((name) => name === 'randomSeed' || name === 'default')) user.math = ownMath()
  const globals = globalsFor(user)
  user.exports = script.instantiate({ modules: modulesFor(user, script.imports), globals, user })
  user.isInitialising = false
  return user
}
