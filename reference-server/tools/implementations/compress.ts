import type { CompressArguments } from '../blocking/compress.ts'
import type { ToolHelp } from '../port.ts'

export const run = (args: CompressArguments, { work, signal }: ToolHelp): Promise<string> =>
  work.run('compress', args, signal)
