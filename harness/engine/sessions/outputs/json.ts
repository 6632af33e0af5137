import type { Metric, SampleTags } from '../../../metrics/registry.ts'
import { containsOf } from '../summary/contains.ts'
import { LineWriter } from './line-writer.ts'
import type { Output, OutputKind, OutputSettings, Sample } from './port.ts'
import { rfc3339 } from './time.ts'

const flushEveryMs = 200

/** k6's line-by-line JSON: a line for each metric before its first sample, and one for each sample. */
class JsonOutput implements Output {
  private readonly writer: LineWriter
  private readonly options: OutputSettings['options']
  private readonly announced = new Set<Metric>()
  private lastContext: SampleTags | null = null
  private lastText = ''

  constructor({ argument, env, options, isFirst, metricsAhead, print }: OutputSettings) {
    this.writer = new LineWriter(jsonOutput.fileOf(argument, env), print, flushEveryMs)
    this.options = options
    if (metricsAhead === null) return
    for (const metric of metricsAhead) this.announced.add(metric)
    if (isFirst) this.writer.writeNow(metricsAhead.map((metric) => this.announcementOf(metric)).join(''))
  }

  write({ metric, value, timeMs, context }: Sample): void {
    if (!this.announced.has(metric)) this.announce(metric)
    if (context !== this.lastContext) {
      this.lastContext = context
      this.lastText = `"tags":${goJson(sorted(context.tags))}${metadataText(context.metadata)}`
    }
    const { name } = metric
    this.writer.write(
      `{"metric":"${name}","type":"Point","data":{"time":"${rfc3339(timeMs)}","value":${value},${this.lastText}}}\n`,
    )
  }

  private announce(metric: Metric): void {
    this.announced.add(metric)
    this.writer.write(this.announcementOf(metric))
  }

  private announcementOf(metric: Metric): string {
    const { name, kind } = metric
    const thresholds = this.options.thresholds.filter(({ key }) => key === name).map(({ threshold }) => threshold)
    const data = {
      name,
      type: kind,
      contains: containsOf(metric),
      thresholds: thresholds.map(({ text, abortOnFail, delayAbortEvalMs }) =>
        abortOnFail
          ? { threshold: text, abortOnFail, delayAbortEval: delayAbortEvalMs > 0 ? goDuration(delayAbortEvalMs) : null }
          : text,
      ),
      submetrics: this.subMetricsOf(name),
    }
    return `${JSON.stringify({ type: 'Metric', data, metric: name })}\n`
  }

  private subMetricsOf(name: string): { name: string; suffix: string; tags: Record<string, string> }[] | null {
    const found = new Map<string, Record<string, string>>()
    for (const { metric, key, tags } of this.options.thresholdTargets)
      if (metric === name && key !== name) found.set(key, tags)
    if (name === 'http_req_duration' && this.options.systemTags.has('expected_response'))
      found.set('http_req_duration{expected_response:true}', { expected_response: 'true' })
    if (found.size === 0) return null
    return [...found].map(([key, tags]) => ({
      name: key,
      suffix: key.slice(key.indexOf('{') + 1, -1),
      tags: sorted(tags),
    }))
  }

  close(): Promise<void> {
    return this.writer.close()
  }
}

/** By name, and without what has no value. */
const sorted = (tags: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1)))

/** As Go writes tags: safe to stand in HTML. */
const goJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

function metadataText(metadata: Record<string, string>): string {
  for (const _ in metadata) return `,"metadata":${JSON.stringify(sorted(metadata))}`
  return ''
}

/** `1m30s` as Go prints it: all units from the largest on. */
function goDuration(ms: number): string {
  const hours = Math.floor(ms / 3.6e6)
  const minutes = Math.floor((ms % 3.6e6) / 6e4)
  const seconds = (ms % 6e4) / 1000
  if (ms > 0 && ms < 1000) return `${ms}ms`
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`
}

/** `--out json[=FILE]` */
export const jsonOutput: OutputKind = {
  fileOf: (argument) => (argument === '' || argument === '-' ? null : argument),
  open: (settings) => new JsonOutput(settings),
}
