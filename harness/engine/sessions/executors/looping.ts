import type { VirtualUser } from '../users/vu.ts'
import type { ScenarioRun } from './port.ts'

/**
 * Lets one user iterate until `goesOn` says no, or until it is stopped hard. One iteration starts the next without a
 * promise between them: in a loop of short requests that is a fifteenth of the generator's CPU.
 */
export function loop(run: ScenarioRun, user: VirtualUser, goesOn: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    let isStarting = false
    const next = (): void => {
      if (run.isStopping || user.isStopped || !goesOn()) {
        resolve()
        return
      }
      isStarting = true
      run.start(user, Number.NaN, onEnd)
      isStarting = false
    }
    // Iterations that wait for nothing would follow one another without ever giving timers and sockets a turn.
    const onEnd = (): void => {
      if (user.hasWaited && !isStarting) next()
      else setImmediate(next)
    }
    next()
  })
}

/**
 * Waits for the users' loops to end by themselves until `deadlineMs` (offset), then stops those that still run.
 * @param loops the running loops with their users
 */
export async function drain(
  run: ScenarioRun,
  loops: Promise<void>[],
  users: Iterable<VirtualUser>,
  deadlineMs: number,
): Promise<void> {
  let isDone = false
  const all = Promise.all(loops).then(() => {
    isDone = true
  })
  await Promise.race([all, run.until(deadlineMs)])
  if (!isDone) for (const user of users) if (user.isBusy) user.stop()
  await all
}
