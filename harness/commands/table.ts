import type { Command } from './port.ts'

/** All subcommands, by name, in the order of the help. One is loaded when it is asked for: a report needs no load engine. */
export const commands = {
  run: async () => (await import('./run.ts')).run,
  compare: async () => (await import('./compare.ts')).compare,
  gate: async () => (await import('./gate.ts')).gate,
  load: async () => (await import('./load.ts')).load,
  check: async () => (await import('./check.ts')).check,
  report: async () => (await import('./report.ts')).report,
  profile: async () => (await import('./profile.ts')).profile,
  noise: async () => (await import('./noise.ts')).noise,
  history: async () => (await import('./history.ts')).history,
  baseline: async () => (await import('./baseline.ts')).baseline,
  calibrate: async () => (await import('./calibrate.ts')).calibrate,
} satisfies Record<string, () => Promise<Command>>

export type CommandName = keyof typeof commands

/** All of them, loaded. */
export const allCommands = async (): Promise<[name: string, command: Command][]> =>
  await Promise.all(
    Object.entries(commands).map(async ([name, load]): Promise<[string, Command]> => [name, await load()]),
  )
