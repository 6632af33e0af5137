/**
 * What the harness knows of a server under test, and of the services beside it: how to start it, when it is ready,
 * how to watch it. It knows nothing of what the server does.
 */

/** A process of the user's, as the config declares it. `{port}`, `{host}`, `{stateDir}` and `{services.NAME.port}` are filled in. */
export interface LaunchSpec {
  /** For messages: `variant optimized`, `service stubs`. */
  title: string
  command: string[]
  cwd: string
  env: Record<string, string>
  port: number
  ready: ReadyProbe
  /** CPU list for taskset, or null. */
  cpus: string | null
  /** All output goes here; the last lines are kept for messages. */
  logFile: string
  /** How long after SIGTERM before SIGKILL, ms. */
  stopTimeoutMs: number
  /** Preload the probe into Node processes. */
  probe: boolean
}

/** GET on the path gives 2xx, or the port accepts a connection. */
export type ReadyProbe = { http: string; timeoutMs: number } | { tcp: true; timeoutMs: number }

export interface Running {
  /** The process that owns the listening socket (not npm, not a shell that started it). */
  pid: number
  /** Spawn to first successful ready probe. */
  bootMs: number
  /** Resolves when the process is gone, with what it said last. */
  exited: Promise<Exit>
  /** SIGTERM, wait, SIGKILL; the whole process group; resolves when everything of it is gone. Can be called twice. */
  stop(): Promise<Exit>
  /** Last lines of its output. */
  outputTail(): string[]
}

export interface Exit {
  code: number | null
  signal: string | null
  outputTail: string[]
}

/** One line that the probe sends, once a second, for one thread. Times in ms, CLOCK_MONOTONIC for `atMs`. */
export interface ProbeSample {
  atMs: number
  intervalMs: number
  pid: number
  thread: number
  eventLoopDelay: {
    /** `interval`: headline, its resolution already taken off; the modes are never compared with each other. */
    mode: 'interval'
    resolutionMs: number
    p50Ms: number
    p99Ms: number
    maxMs: number
    count: number
  }
  /** Where Node has samplePerIteration. */
  eventLoopDelayPerIteration?: { p50Ms: number; p99Ms: number; maxMs: number; count: number }
  eventLoopUtilization: number
  gc: { kind: 'minor' | 'major' | 'incremental' | 'weakcb'; count: number; totalMs: number; maxMs: number }[]
  heapUsedBytes: number
  heapTotalBytes: number
  externalBytes: number
  rssBytes: number
  cpuUserMs: number
  cpuSystemMs: number
}

/** One look at a process through /proc. Counters are cumulative since the process began. */
export interface OutsideSample {
  atMs: number
  rssBytes: number
  peakRssBytes: number
  cpuMs: number
  threads: number
  descriptors: number
  voluntarySwitches: number
  involuntarySwitches: number
}

export interface TargetObservation {
  inside: ProbeSample[]
  outside: OutsideSample[]
  /** Instructions counted between begin and end of a phase, by phase name; or one line saying why there are none. */
  instructions: { byPhase: Record<string, number> } | { unavailable: string }
}
