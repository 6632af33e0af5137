import type { ToolHelp } from '../port.ts'

interface FetchArguments {
  name: string
  query?: Record<string, string>
  body?: Record<string, unknown>
}

/** Gives the service's answer as it came. */
export const run = (args: FetchArguments, { host, signal }: ToolHelp): Promise<string> => host.ask(args, signal)
