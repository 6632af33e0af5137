import type { Metric, SampleTags } from '../../../metrics/registry.ts'
import type { TestOptions } from '../options.ts'

/** One sample as outputs see it. Samples of one event share the same `context` object. */
export interface Sample {
  metric: Metric
  value: number
  /** Milliseconds since the Unix epoch, with fractions. */
  timeMs: number
  context: SampleTags
}

/** Where samples go while the load runs. */
export interface Output {
  write(sample: Sample): void
  /** Writes what is still held back; nothing is written afterwards. */
  close(): Promise<void>
}

export interface OutputSettings {
  /** What stands behind `=` in `--out json=FILE`; empty where nothing does. */
  argument: string
  /** The harness's own environment, for settings such as K6_CSV_TIME_FORMAT. */
  env: Readonly<Record<string, string | undefined>>
  options: Pick<TestOptions, 'systemTags' | 'thresholds' | 'thresholdTargets'>
  /** One generator of several writes what stands once in a file. */
  isFirst: boolean
  /** Where several generators append to one file: all metrics, announced by the first one before any has samples. */
  metricsAhead: readonly Metric[] | null
  /** Text for the harness's standard output. */
  print(text: string): void
}

export interface OutputKind {
  /** The file that it writes, before any load: null for standard output. @throws UserError for an argument that makes no sense */
  fileOf(argument: string, env: OutputSettings['env']): string | null
  open(settings: OutputSettings): Output
}
