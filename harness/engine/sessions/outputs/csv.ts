import { UserError, unknownName } from '../../../errors.ts'
import { parseDurationMs } from '../../../metrics/duration.ts'
import { metadataTags } from '../options/system-tags.ts'
import { LineWriter } from './line-writer.ts'
import type { Output, OutputKind, OutputSettings, Sample } from './port.ts'
import { rfc3339, rfc3339Seconds } from './time.ts'

const timeFormats = {
  unix: (timeMs: number) => String(Math.floor(timeMs / 1000)),
  unix_milli: (timeMs: number) => String(Math.floor(timeMs)),
  unix_micro: (timeMs: number) => String(Math.floor(timeMs * 1000)),
  unix_nano: (timeMs: number) => `${Math.floor(timeMs * 1000)}000`,
  rfc3339: rfc3339Seconds,
  rfc3339_nano: rfc3339,
}

interface CsvSettings {
  file: string | null
  saveEveryMs: number
  formatTime: (timeMs: number) => string
}

/** `--out csv=FILE` or `--out csv=fileName=FILE,timeFormat=rfc3339,saveInterval=2s`, above K6_CSV_FILENAME and the like. */
function readSettings(argument: string, env: OutputSettings['env']): CsvSettings {
  const given = argument.includes('=') ? readPairs(argument) : argument === '' ? {} : { fileName: argument }
  const name = given.fileName ?? env.K6_CSV_FILENAME ?? 'file.csv'
  const format = given.timeFormat ?? env.K6_CSV_TIME_FORMAT ?? 'unix'
  if (!Object.hasOwn(timeFormats, format))
    throw unknownName('option --out csv: timeFormat', format, Object.keys(timeFormats))
  return {
    file: name === '' || name === '-' ? null : name,
    saveEveryMs: parseDurationMs(
      given.saveInterval ?? env.K6_CSV_SAVE_INTERVAL ?? '1s',
      'option --out csv: saveInterval',
    ),
    formatTime: timeFormats[format as keyof typeof timeFormats],
  }
}

const pairNames = ['fileName', 'saveInterval', 'timeFormat']

function readPairs(argument: string): Partial<Record<string, string>> {
  const pairs = argument.split(',').map((pair) => {
    const [name, value = ''] = pair.split(/=(.*)/s) as [string, string?]
    if (!pairNames.includes(name)) throw unknownName('option --out csv: setting', name, pairNames)
    if (value === '') throw new UserError(`option --out csv: expected ${name}=VALUE, found "${pair}"`)
    return [name, value]
  })
  return Object.fromEntries(pairs)
}

/** k6's CSV: a column for each system tag, all other tags in one, metadata in another. */
class CsvOutput implements Output {
  private readonly writer: LineWriter
  private readonly formatTime: (timeMs: number) => string
  private readonly columns: readonly string[]

  constructor({ argument, env, options, isFirst, print }: OutputSettings) {
    const { file, saveEveryMs, formatTime } = readSettings(argument, env)
    this.writer = new LineWriter(file, print, saveEveryMs)
    this.formatTime = formatTime
    this.columns = [...options.systemTags].filter((tag) => !metadataTags.has(tag)).sort()
    if (isFirst)
      this.writer.writeNow(
        line(['metric_name', 'timestamp', 'metric_value', ...this.columns, 'extra_tags', 'metadata']),
      )
  }

  write({ metric, value, timeMs, context: { tags, metadata } }: Sample): void {
    this.writer.write(
      line([
        metric.name,
        this.formatTime(timeMs),
        value.toFixed(6),
        ...this.columns.map((tag) => tags[tag] ?? ''),
        this.joined(tags),
        this.joined(metadata),
      ]),
    )
  }

  /** `a=1&b=2` of all that have no column. */
  private joined(tags: Record<string, string>): string {
    return Object.keys(tags)
      .filter((tag) => !this.columns.includes(tag) && tags[tag] !== undefined)
      .sort()
      .map((tag) => `${tag}=${tags[tag]}`)
      .join('&')
  }

  close(): Promise<void> {
    return this.writer.close()
  }
}

const line = (fields: readonly string[]): string => `${fields.map(quoted).join(',')}\n`

const quoted = (field: string): string =>
  /[",\r\n]|^\s|^\\\.$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field

/** `--out csv[=FILE]` */
export const csvOutput: OutputKind = {
  fileOf: (argument, env) => readSettings(argument, env).file,
  open: (settings) => new CsvOutput(settings),
}
