/** A number that was seen of the target during a part of the load. */
interface Seen {
  metric: string
  phase?: string
  value: number
}

/** From here on a core counts as busy: its server was what answered slowly. */
export const leastCoreBusy = 0.9
/** A target that waits for a disk on its event loop is the limit, although its core is idle ... */
const leastLoopBusy = 0.9
/** ... unless what it waited for was a CPU, which served others. */
const mostCpuWait = 0.1

/** How a target that was not the limit of a phase was seen; null: it was. */
export function whyNotBusy(phase: string, observations: readonly Seen[]): string | null {
  const found = (metric: string) => observations.find((each) => each.metric === metric && each.phase === phase)
  const busy = found('target_core_busy')
  if (busy && busy.value >= leastCoreBusy) return null
  const [loop, wait] = [found('target_event_loop_utilization'), found('target_cpu_wait')]
  if (loop && wait && loop.value >= leastLoopBusy && wait.value <= mostCpuWait) return null
  return busy ? `was busy ${wholePercent(busy.value)}% of the time` : 'could not be watched'
}

/** Rounded down, or what is just below the least that counts would be told as that. */
const wholePercent = (share: number): number => Math.floor(100 * share + 1e-9)
