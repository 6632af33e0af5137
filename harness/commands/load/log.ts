import { appendFileSync } from 'node:fs'
import { messageOf, UserError } from '../../errors.ts'

/** Takes what a load has to say. @param level as in `console` @param source who says it, if it is the script itself */
export type LoadLog = (level: string, message: string, source?: 'console') => void

export interface LogRules {
  /** `stderr`, `stdout`, `none`, `file=PATH` */
  output: string
  /** `raw`: only the message; `json`: an object a line; else level and message. */
  format: string
  isVerbose: boolean
}

/** @throws UserError for an output that cannot be written or does not exist */
export function openLog({ output, format, isVerbose }: LogRules): LoadLog {
  const write = writerFor(output)
  return (level, message) => {
    if (level === 'debug' && !isVerbose) return
    write(`${lineOf(format, level, message)}\n`)
  }
}

function lineOf(format: string, level: string, message: string): string {
  if (format === 'raw') return message
  if (format === 'json') return JSON.stringify({ level, msg: message, time: new Date().toISOString() })
  return `${level}: ${message}`
}

function writerFor(output: string): (text: string) => void {
  if (output === 'stderr') return (text) => void process.stderr.write(text)
  if (output === 'stdout') return (text) => void process.stdout.write(text)
  if (output === 'none') return () => {}
  const [, file] = /^file(?:=(.+))?$/.exec(output) ?? []
  if (output.startsWith('file')) return appender(file ?? 'k6.log')
  throw new UserError(`option --log-output: "${output}" is none of stderr, stdout, none and file=PATH`)
}

function appender(file: string): (text: string) => void {
  try {
    appendFileSync(file, '')
  } catch (error) {
    throw new UserError(`the log file "${file}" cannot be written: ${messageOf(error)}`)
  }
  return (text) => appendFileSync(file, text)
}
