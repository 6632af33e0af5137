/** What a script said, one entry a call: `info: hello`. */
export type ParseLogs = (stderr: string) => string[]

/** k6 with `--log-format json`: lines of the console, and of exceptions that ended an iteration. */
export const parseLogsOfK6: ParseLogs = (stderr) =>
  stderr
    .split('\n')
    .flatMap((line) => parseOrNothing(line))
    .filter(({ source, msg }) => isOfScript(source, msg))
    .map(({ level, msg }) => entry(level === 'warning' ? 'warn' : level, msg))
    .filter(isCompared)

const isOfScript = (source: string | undefined, message: string): boolean =>
  source === 'console' || source === 'stacktrace' || /^Uncaught|\tat (setup|teardown|handleSummary) /.test(message)

interface K6Line {
  level: string
  msg: string
  source?: string
}

function parseOrNothing(line: string): K6Line[] {
  try {
    return [JSON.parse(line)]
  } catch {
    return []
  }
}

/** weir: `level: message`, which may go on over several lines. */
export const parseLogsOfWeir: ParseLogs = (stderr) =>
  stderr
    .split(/^(?=(?:debug|info|warn|error|weir): )/m)
    .map((text) => /^(debug|info|warn|error): (.*)$/s.exec(text.replace(/\n$/, '')))
    .filter((match) => match !== null)
    .map(([, level, message]) => entry(level!, message!))
    .filter(isCompared)

/** Both warn of their own too, each in its words: of warnings, only those of scripts are compared, which begin so. */
const isCompared = (line: string): boolean => !line.startsWith('warn: ') || line.startsWith('warn: script')

/** Where in the engine an exception passed differs; what it says does not. */
const entry = (level: string, message: string): string =>
  `${level}: ${message
    .split('\n')
    .filter((line) => !/^\s+at /.test(line))
    .join('\n')
    .trimEnd()}`
