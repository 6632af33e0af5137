import type { VirtualUser } from '../vu.ts'
import type { ScenarioRun } from './port.ts'

/** Lets one user iterate until `goesOn` says no, or until it is stopped hard. */
export async function loop(run: ScenarioRun, user: VirtualUser, goesOn: () => boolean): Promise<void> {
  while (!run.isStopping && !user.isStopped && goesOn()) {
    await run.iterate(user, Number.NaN)
    // Iterations that wait for nothing would follow one another without ever giving timers and sockets a turn.
    if (!user.hasWaited) await new Promise((resolve) => setImmediate(resolve))
  }
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
