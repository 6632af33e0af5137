import type { DigestArguments } from '../blocking/digest.ts'
import type { ToolHelp } from '../port.ts'

export const run = (args: DigestArguments, { work, signal }: ToolHelp): Promise<string> =>
  work.run('digest', args, signal)
