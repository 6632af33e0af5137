/** A number that was seen of the target during a part of the load. */
interface Seen {
  metric: string
  phase?: string
  value: number
}

/** From here on a core counts as busy: its server was what answered slowly. What the host took from it was not idle either. */
export const leastCoreBusy = 0.9
/** A target that waits for a disk on its event loop is the limit, although its core is idle ... */
const leastLoopBusy = 0.9
/** ... unless what it waited for was a CPU, which served others. */
const mostCpuWait = 0.1

/** How a target that was not the limit of a phase was seen, in words; null: it was. */
export function whyNotBusy(phase: string, observations: readonly Seen[]): string | null {
  const idle = idleCore(phase, observations)
  return idle && (idle.busyShare === null ? 'could not be watched' : wasBusy(idle.busyShare))
}

/** `was busy 61% of the time` */
export const wasBusy = (share: number): string => `was busy ${wholePercent(share)}% of the time`

/** Of a target that was not the limit of a phase the share of its time in which it was busy, null where nobody saw it; null: it was. */
export function idleCore(phase: string, observations: readonly Seen[]): { busyShare: number | null } | null {
  const found = (metric: string) => observations.find((each) => each.metric === metric && each.phase === phase)
  const [busy, stolen] = [found('target_core_busy'), found('target_cpu_stolen')]
  if (busy && busy.value + (stolen?.value ?? 0) >= leastCoreBusy) return null
  const [loop, wait] = [found('target_event_loop_utilization'), found('target_cpu_wait')]
  if (loop && wait && loop.value >= leastLoopBusy && wait.value <= mostCpuWait) return null
  return { busyShare: busy?.value ?? null }
}

/** Rounded down, or what is just below the least that counts would be told as that. */
const wholePercent = (share: number): number => Math.floor(100 * share + 1e-9)
