import { UserError } from '../../../errors.ts'
import { formatDuration, parseDurationMs } from '../../../metrics/duration.ts'
import { wholeNumber } from '../options/values.ts'
import { drain, loop } from './looping.ts'
import type { Executor } from './port.ts'

/** A timer can hold no more; it is 24 days, which nobody waits for. */
const forEverMs = 2 ** 31 - 1

const notControlled =
  'the externally-controlled executor has nobody to control it here: this engine has no REST interface, so it runs with the number of users that it begins with and cannot be paused'

/** Looping users whose number k6 changes over its REST interface; here it stays what it is. */
export const externallyControlled: Executor = {
  fields: ['vus', 'duration', 'maxVUs'],
  configure(common, raw, title, segment) {
    const vus = wholeNumber(raw.vus ?? 0, `${title}: vus`)
    const maxVUs = wholeNumber(raw.maxVUs ?? vus, `${title}: maxVUs`)
    if (maxVUs < vus)
      throw new UserError(
        `${title}: the number of active VUs (${vus}) must be less than or equal to the number of maxVUs (${maxVUs})`,
      )
    if (raw.gracefulStop !== undefined)
      throw new UserError(`${title}: gracefulStop is not supported by the externally controlled executor`)
    const durationMs = readControlledDuration(raw.duration, title)
    const own = segment.scale(vus)
    const howLong = durationMs === forEverMs ? 'until it is stopped' : `for ${formatDuration(durationMs)}`
    return {
      ...common,
      gracefulStopMs: 0,
      executor: 'externally-controlled',
      maxVUs: segment.scale(maxVUs),
      plannedVUs: segment.scale(maxVUs),
      durationMs,
      isOpenModel: false,
      iterationSegment: segment,
      description: `${own} looping users ${howLong}`,
      async run(run) {
        run.warn(notControlled)
        const users = Array.from({ length: own }, () => run.acquire()).filter((user) => user !== null)
        const loops = users.map((user) => loop(run, user, () => run.elapsedMs() < durationMs))
        // Without users there is still a time to be waited for.
        if (own === 0) await run.until(durationMs)
        await drain(run, loops, users, durationMs)
        for (const user of users) run.release(user)
      },
    }
  },
}

/** 0 is for ever, as in k6. */
function readControlledDuration(raw: unknown, title: string): number {
  if (raw === undefined) throw new UserError(`${title}: the duration must be specified, for infinite duration use 0`)
  const durationMs = parseDurationMs(raw as string, `${title}: duration`)
  if (durationMs < 0) throw new UserError(`${title}: the duration can't be negative, for infinite duration use 0`)
  return durationMs === 0 ? forEverMs : durationMs
}
