import type { VirtualUser } from '../users/vu.ts'
import type { ScenarioRun } from './port.ts'
import type { Segment } from './segment.ts'
import { UserQueue } from './user-queue.ts'

/** When starts are due: ms from the scenario's start, by the index in the whole test, ascending. */
export interface ArrivalSchedule {
  count: number
  dueMs(index: number): number
}

export interface ArrivalPlan {
  schedule: ArrivalSchedule
  /** Decides which of the schedule's starts are this process's own. */
  segment: Segment
  preAllocatedVUs: number
  durationMs: number
  gracefulStopMs: number
}

/** Starts iterations at the times of a schedule, whatever earlier ones do (open model). */
export async function runArrivals(run: ScenarioRun, plan: ArrivalPlan): Promise<void> {
  const { schedule, segment, durationMs } = plan
  const fleet = new Fleet(run, plan.preAllocatedVUs)
  for (let local = 0; !run.isStopping; local++) {
    const index = segment.globalIndex(local)
    if (index >= schedule.count) break
    const dueMs = schedule.dueMs(index)
    if (run.elapsedMs() < dueMs) await run.until(dueMs)
    if (!run.isStopping) fleet.startOne(dueMs)
  }
  if (!run.isStopping) await run.until(durationMs)
  await fleet.settle(durationMs + plan.gracefulStopMs)
}

/** The users of an open model: idle ones wait for the next start. */
class Fleet {
  private readonly run: ScenarioRun
  private readonly users: VirtualUser[] = []
  private readonly idle: UserQueue
  private busy = 0
  private onAllIdle: (() => void) | null = null

  constructor(run: ScenarioRun, preAllocatedVUs: number) {
    this.run = run
    this.idle = new UserQueue(preAllocatedVUs)
    for (let index = 0; index < preAllocatedVUs; index++) this.add(run.acquire())
  }

  private add(user: VirtualUser | null): void {
    if (!user) return
    this.users.push(user)
    this.idle.push(user)
  }

  startOne(dueMs: number): void {
    const user = this.idle.shift()
    if (user) {
      this.start(user, dueMs)
      return
    }
    // As in k6 the start is lost for good; the new user serves later ones.
    this.run.drop()
    this.add(this.run.grow())
  }

  private start(user: VirtualUser, dueMs: number): void {
    this.busy++
    this.run.start(user, dueMs, () => {
      this.busy--
      if (!user.isStopped) this.idle.push(user)
      if (this.busy === 0) this.onAllIdle?.()
    })
  }

  /** Waits for what still runs until the offset, stops what is not over then, and gives the users back. */
  async settle(deadlineMs: number): Promise<void> {
    if (this.busy > 0) {
      const allIdle = new Promise<void>((resolve) => (this.onAllIdle = resolve))
      await Promise.race([allIdle, this.run.until(deadlineMs)])
      for (const user of this.users) if (user.isBusy) user.stop()
      await allIdle
    }
    for (const user of this.users) this.run.release(user)
  }
}
