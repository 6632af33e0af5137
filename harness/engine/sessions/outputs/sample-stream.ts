import type { Metric, SampleObserver, SampleTags, TagSource } from '../../../metrics/registry.ts'
import type { Output, Sample } from './port.ts'

interface Bytes {
  sent: number
  received: number
}

/** Turns what metrics are told into samples with time and tags, and hands them to the outputs. */
export class SampleStream implements SampleObserver {
  private readonly outputs: readonly Output[]
  private readonly hidden: ReadonlySet<string>
  private readonly metrics: { data_sent: Metric; data_received: Metric }
  private readonly tagsOfTest: Record<string, string>
  private readonly bytesBySource = new Map<TagSource, Bytes>()
  private lastSource: TagSource | null = null
  private lastMoment: unknown = undefined
  private last: { context: SampleTags; timeMs: number } = { context: { tags: {}, metadata: {} }, timeMs: 0 }

  /** @param hidden names of metrics that are not written */
  constructor(
    outputs: readonly Output[],
    metrics: { data_sent: Metric; data_received: Metric },
    tagsOfTest: Record<string, string>,
    hidden: ReadonlySet<string>,
  ) {
    this.outputs = outputs
    this.metrics = metrics
    this.tagsOfTest = tagsOfTest
    this.hidden = hidden
  }

  observe(metric: Metric, value: number, source: TagSource | null): void {
    if (this.hidden.has(metric.name)) return
    if (source !== null && metric === this.metrics.data_sent) this.bytesOf(source).sent += value
    else if (source !== null && metric === this.metrics.data_received) this.bytesOf(source).received += value
    else this.hand(metric, value, source)
  }

  /** k6 tells bytes once an iteration, whatever they were for. */
  iterationEnded(source: TagSource): void {
    const { sent, received } = this.bytesBySource.get(source) ?? { sent: 0, received: 0 }
    this.bytesBySource.delete(source)
    this.hand(this.metrics.data_sent, sent, source)
    this.hand(this.metrics.data_received, received, source)
  }

  private bytesOf(source: TagSource): Bytes {
    let bytes = this.bytesBySource.get(source)
    if (!bytes) this.bytesBySource.set(source, (bytes = { sent: 0, received: 0 }))
    return bytes
  }

  private hand(metric: Metric, value: number, source: TagSource | null): void {
    const { context, timeMs } = this.contextOf(source)
    const sample: Sample = { metric, value, timeMs, context }
    for (const output of this.outputs) output.write(sample)
  }

  /** A request is ten samples with the same tags and, as in k6, of the same time. */
  private contextOf(source: TagSource | null): { context: SampleTags; timeMs: number } {
    const moment = source?.moment
    if (moment !== undefined && source === this.lastSource && moment === this.lastMoment) return this.last
    const context: SampleTags = { tags: {}, metadata: {} }
    if (source === null) Object.assign(context.tags, this.tagsOfTest)
    else source.collect(context)
    this.lastSource = source
    this.lastMoment = moment
    this.last = { context, timeMs: performance.timeOrigin + performance.now() }
    return this.last
  }

  async close(): Promise<void> {
    await Promise.all(this.outputs.map((output) => output.close()))
  }
}
