import type { ProfileTool } from '../record/schema.ts'

/** What a target can be looked into with, and what comes of it: one line of the help each. */
export const tools = {
  cpu: "V8's CPU profile of the measured load, thread by thread (.cpuprofile), and a flame of it",
  doctor: 'clinic doctor: event loop, CPU, memory and handles over time, with advice',
  flame: 'clinic flame: stacks of the main thread, from start to end',
  heap: 'clinic heapprofiler: which functions allocate what stays',
} satisfies Record<ProfileTool, string>
