import type { OutlineArguments } from '../blocking/outline.ts'
import type { ToolHelp } from '../port.ts'

export const run = (args: OutlineArguments, { work, signal }: ToolHelp): Promise<string> =>
  work.run('outline', args, signal)
