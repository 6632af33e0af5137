import type { OutsideSample, ProbeSample } from '../../harness/target/port.ts'

/** What is seen of a target at one moment, from outside and from inside, with nothing in it but what a test puts there. */

export const outsideSample = (changes: Partial<OutsideSample>): OutsideSample => ({
  atMs: 0,
  rssBytes: 100e6,
  peakRssBytes: 100e6,
  cpuMs: 0,
  waitMs: 0,
  stolenMs: 0,
  threads: 7,
  descriptors: 20,
  voluntarySwitches: 0,
  involuntarySwitches: 0,
  ...changes,
})

/** One second of one thread. */
export const probeSample = (changes: Partial<ProbeSample>): ProbeSample => ({
  atMs: 0,
  intervalMs: 1000,
  pid: 1,
  thread: 0,
  eventLoopDelay: {
    mode: 'interval',
    resolutionMs: 10,
    minMs: 0.2,
    meanMs: 1.2,
    p50Ms: 1,
    p99Ms: 2,
    maxMs: 3,
    count: 100,
    counts: [[1, 100]],
  },
  eventLoopUtilization: 0.5,
  gc: [],
  heapUsedBytes: 10e6,
  heapTotalBytes: 20e6,
  externalBytes: 0,
  rssBytes: 100e6,
  cpuUserMs: 0,
  cpuSystemMs: 0,
  ...changes,
})
