import { enableCompileCache } from 'node:module'
import { errorText } from './commands/error-text.ts'
import { onInterrupt } from './commands/interrupt.ts'
import type { CommandName } from './commands/table.ts'
import { onUnforeseen, tellUnforeseen } from './commands/unforeseen.ts'
import { messageOf, UserError, unknownName } from './errors.ts'
import { exitCodes } from './exit-codes.ts'

// What was compiled is kept for the next start, in Node's own cache in the system's temporary folder.
enableCompileCache()
// Before anything else is loaded: a Ctrl-C in the first moments is an interruption too.
const interrupt = onInterrupt()
onUnforeseen()
const { allCommands, commands } = await import('./commands/table.ts')
const { helpOf, typeset } = await import('./commands/help-text.ts')

const usage = async (): Promise<string> =>
  typeset(
    [
      'weir: load tests and benchmarks whose numbers can be trusted',
      '',
      ...(await allCommands()).map(([name, { synopsis, purpose }]) => `  weir ${name} ${synopsis}\n      ${purpose}`),
      '',
      "weir <command> --help tells a command's options.",
    ].join('\n'),
  )

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === 'help' || name === '-h') {
    console.log(await usage())
    return exitCodes.ok
  }
  if (!Object.hasOwn(commands, name)) throw unknownName('command', name, Object.keys(commands))
  const command = await commands[name as CommandName]()
  if (args.includes('--help') || args.includes('-h')) {
    console.log(helpOf(name, command))
    return exitCodes.ok
  }
  return await command.run(args, interrupt.signal)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (error instanceof UserError) {
    console.error(errorText(error.message))
    process.exitCode = error.exitCode
  } else if (interrupt.signal.aborted) {
    // A Ctrl-C also ends programs that weir has started, and whatever waits for one of them fails.
    console.error(`weir: interrupted; what was under way ended with: ${messageOf(error)}`)
    process.exitCode = exitCodes.interrupted
  } else {
    tellUnforeseen(error)
    process.exitCode = exitCodes.internal
  }
} finally {
  interrupt.done()
}
