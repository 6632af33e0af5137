import type { CheckJsonArguments } from '../blocking/check-json.ts'
import type { ToolHelp } from '../port.ts'

export const run = (args: CheckJsonArguments, { work, signal }: ToolHelp): Promise<string> =>
  work.run('check-json', args, signal)
