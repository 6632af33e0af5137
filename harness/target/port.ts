/**
 * What the harness knows of a server under test, and of the services beside it: how to start it, when it is ready,
 * how to watch it. It knows nothing of what the server does.
 */

/** A process of the user's, as the config declares it. Placeholders are filled in. */
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
  /** What it was started as: the pid of the command, and the id of its process group. */
  groupPid: number
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

/** What the probe says first, once a thread. */
export interface ProbeHello {
  pid: number
  /** 0 is the main thread. */
  thread: number
  command: string
  /** `v24.21.0` */
  node: string
}

/**
 * One line that the probe sends, once a second, for one thread: what was in the `intervalMs` before `atMs`
 * (CLOCK_MONOTONIC). Loop, GC and heap are the thread's own; RSS and CPU are those of the whole process in every thread.
 */
export interface ProbeSample {
  atMs: number
  intervalMs: number
  pid: number
  thread: number
  eventLoopDelay: {
    /** `interval`: headline, its resolution already taken off; the modes are never compared with each other. */
    mode: 'interval'
    resolutionMs: number
    minMs: number
    meanMs: number
    p50Ms: number
    p99Ms: number
    maxMs: number
    count: number
    /** Delay and number of samples up to it, ascending: lets a reader merge seconds into one distribution. */
    counts: [delayMs: number, samples: number][]
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

/**
 * One look through /proc at a process and its descendants (workers of a cluster, of nginx), summed. Counters are
 * cumulative: differences count. Shared pages are counted in each process.
 */
export interface OutsideSample {
  atMs: number
  rssBytes: number
  /** Since each process began. */
  peakRssBytes: number
  /** Of all threads, also of those that ended between two looks (that part to 20 ms a process). */
  cpuMs: number
  /** Ready to run while the CPU served somebody else, summed over threads. */
  waitMs: number
  /** Taken from its CPUs by the machine's host, ms a CPU, in steps of 10 ms. */
  stolenMs: number
  threads: number
  /** Looked up once a second at the most. */
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
