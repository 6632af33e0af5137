import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicNow } from '../../clock.ts'
import type { Phase, TrialProfile } from '../../record/schema.ts'
import type { LaunchSpec } from '../../target/port.ts'
import { withPreload } from '../../target/preload.ts'
import type { ProfiledTrial, Profiler } from '../port.ts'
import { openSampledThreads, type SampledThread, type SampledThreads } from './threads.ts'

/** What Chrome's DevTools take; a stack a millisecond costs a busy thread a few percent. */
const intervalUs = 1000
const mostThreads = 64
/**
 * A thread that computes hears of the end when it pauses, and needs a moment to write some megabytes. One that stands still in
 * Atomics.wait, as threads of a pool do without work, hears nothing.
 */
const writeDeadlineMs = 5000

const preloadUrl = new URL('./preload.mjs', import.meta.url).href

/**
 * V8's CPU profile of each thread of a Node target, from the beginning of the first phase of the load to the end of the
 * last: by the inspector from within, and not by `--cpu-prof`, which would cover start and warm-up too, knows only
 * processes that end by themselves, and would look into npm and whatever else starts the target.
 */
export class CpuProfiler implements Profiler {
  private readonly trial: ProfiledTrial
  private readonly folder: string
  private readonly timers: NodeJS.Timeout[] = []
  private title = ''
  private threads: SampledThreads | null = null

  /** @param folder where profiles go */
  constructor(trial: ProfiledTrial, folder: string) {
    this.trial = trial
    this.folder = folder
  }

  async wrap(spec: LaunchSpec): Promise<LaunchSpec> {
    await mkdir(this.folder, { recursive: true })
    this.title = spec.title
    const name = `${String(this.trial.trial).padStart(3, '0')}-${this.trial.variant.replace(/[^\w.-]+/g, '-')}`
    this.threads = await openSampledThreads({
      intervalUs,
      most: mostThreads,
      fileFor: (thread, number) =>
        join(this.folder, `${name}-${number}-${thread === 0 ? 'main' : `thread-${thread}`}.cpuprofile`),
    })
    const env = { ...withPreload(spec.env, preloadUrl), WEIR_PROFILE_SOCKET: this.threads.socketPath }
    return { ...spec, env }
  }

  begin(startMs: number, phases: readonly Phase[]): void {
    const { threads } = this
    if (!threads) return
    const firstS = Math.min(...phases.map(({ startS }) => startS))
    const lastS = Math.max(...phases.map(({ endS }) => endS))
    const at = (seconds: number, action: () => void) =>
      this.timers.push(setTimeout(action, Math.max(0, startMs + 1000 * seconds - monotonicNow())))
    at(Number.isFinite(firstS) ? firstS : 0, threads.start)
    if (Number.isFinite(lastS)) at(lastS, threads.stop)
  }

  async end(): Promise<TrialProfile> {
    this.clearTimers()
    this.threads?.stop()
    // The socket is the target's alone: whoever was there is its own, also what ended before the load did.
    const own = this.threads?.all() ?? []
    const late = new AbortController()
    await Promise.race([
      Promise.all(own.filter(({ file }) => file !== null).map(({ over }) => over)),
      sleep(writeDeadlineMs, undefined, { signal: late.signal }).catch(() => {}),
    ])
    late.abort()
    return {
      tool: 'cpu',
      files: own.filter(hasWritten).map(({ file, thread }) => ({
        path: relative(this.trial.runDir, file!),
        thread: thread === 0 ? 'main' : 'worker',
      })),
      problems: this.problemsOf(own),
    }
  }

  private problemsOf(own: readonly SampledThread[]): string[] {
    if (own.length === 0)
      return [
        `${this.title} is no Node program, or one of before Node 20: a CPU profile is taken by V8, from within. perf record -g does it for others`,
      ]
    const told = (some: readonly SampledThread[], what: string): string[] =>
      some.length > 0 ? [`${this.title}: ${some.length} of ${own.length} threads ${what}`] : []
    const without = own.filter((each) => !hasWritten(each) && each.problem === null && !each.isLeftOut)
    return [
      ...new Set(own.flatMap(({ problem }) => (problem === null ? [] : [`${this.title}: ${problem}`]))),
      ...told(
        without.filter(({ isGone }) => isGone),
        'ended without a profile, and their time is missing: they were killed, or computed from start to end without a pause',
      ),
      ...told(
        without.filter(({ isGone }) => !isGone),
        'gave no profile in time: they stood still without work (Atomics.wait), or never paused',
      ),
      ...told(
        own.filter(({ isLeftOut }) => isLeftOut),
        `are in no profile: at most ${mostThreads} are sampled, those that ended included`,
      ),
    ]
  }

  private clearTimers(): void {
    for (const timer of this.timers) clearTimeout(timer)
  }

  async close(): Promise<void> {
    this.clearTimers()
    await this.threads?.close()
  }
}

/** A file is there once it is whole. */
const hasWritten = ({ file }: SampledThread): boolean => file !== null && existsSync(file)
