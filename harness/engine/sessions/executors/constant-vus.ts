import { formatDuration } from '../../../metrics/duration.ts'
import { wholeNumber } from '../options/values.ts'
import { readDuration } from './durations.ts'
import { drain, loop } from './looping.ts'
import type { CommonConfig, Executor, ExecutorConfig } from './port.ts'
import type { Segment } from './segment.ts'

/** A fixed number of users that iterate as fast as they can for a fixed time (closed model). */
export const constantVus: Executor = {
  fields: ['vus', 'duration'],
  configure(common, raw, title, segment) {
    const vus = segment.scale(wholeNumber(raw.vus ?? 1, `${title}: vus`, 1))
    return loopingUsers(common, vus, readDuration(raw.duration, title), segment)
  },
}

const loopingUsers = (common: CommonConfig, vus: number, durationMs: number, segment: Segment): ExecutorConfig => ({
  ...common,
  executor: 'constant-vus',
  maxVUs: vus,
  plannedVUs: vus,
  durationMs,
  isOpenModel: false,
  iterationSegment: segment,
  description: `${vus} looping users for ${formatDuration(durationMs)}`,
  cut: (otherMs) => loopingUsers(common, vus, otherMs, segment),
  async run(run) {
    const users = Array.from({ length: vus }, () => run.acquire()).filter((user) => user !== null)
    const loops = users.map((user) => loop(run, user, () => run.elapsedMs() < durationMs))
    await drain(run, loops, users, durationMs + common.gracefulStopMs)
    for (const user of users) run.release(user)
  },
})
