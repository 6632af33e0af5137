import type { Metric, SampleTags, TagSource } from '../../../metrics/registry.ts'
import type { StreamExchange } from '../transport/stream-exchange.ts'
import type { VirtualUser } from '../users/vu.ts'
import { putTags } from './tags.ts'
import { timingsOf } from './timings.ts'

/** Records what one stream does, with the tags that the extension gives it. */
export class SseSamples implements TagSource {
  private readonly user: VirtualUser
  private readonly url: string
  private readonly tags: Readonly<Record<string, unknown>> | null
  private readonly events: Metric
  /** Of the answer; empty as long as there is none. */
  status = ''

  constructor(user: VirtualUser, url: string, tags: Readonly<Record<string, unknown>> | null) {
    this.user = user
    this.url = url
    this.tags = tags
    this.events = user.context.registry.builtin('sse_event')
  }

  received(): void {
    this.events.add(1, this.user.scenarioIndex, this)
  }

  /** The stream is a request that took until its end. */
  ended(exchange: StreamExchange | null): void {
    const { context, scenarioIndex } = this.user
    const { metrics } = context
    if (exchange === null) return
    if (exchange.lastByteMs === 0) exchange.lastByteMs = context.now()
    const timings = timingsOf(exchange)
    metrics.http_reqs.add(1, scenarioIndex, this)
    metrics.http_req_duration.add(timings.duration, scenarioIndex, this)
    metrics.http_req_blocked.add(timings.blocked, scenarioIndex, this)
    metrics.http_req_connecting.add(timings.connecting, scenarioIndex, this)
    metrics.http_req_tls_handshaking.add(timings.tls_handshaking, scenarioIndex, this)
    metrics.http_req_sending.add(timings.sending, scenarioIndex, this)
    metrics.http_req_waiting.add(timings.waiting, scenarioIndex, this)
    metrics.http_req_receiving.add(timings.receiving, scenarioIndex, this)
    metrics.data_sent.add(exchange.sentBytes, scenarioIndex, this.user)
    metrics.data_received.add(exchange.receivedBytes, scenarioIndex, this.user)
  }

  tag(name: string): string | undefined {
    const system = this.user.context.options.systemTags.has(name) ? this.systemTag(name) : undefined
    if (system !== undefined) return system
    const own = this.tags?.[name]
    return own === undefined ? this.user.tag(name) : String(own)
  }

  collect(into: SampleTags): void {
    this.user.collect(into)
    if (this.tags) putTags(into.tags, this.tags)
    for (const name of this.user.context.options.systemTags) {
      const value = this.systemTag(name)
      if (value !== undefined) into.tags[name] = value
    }
  }

  private systemTag(name: string): string | undefined {
    if (name === 'url') return this.url
    return name === 'status' && this.status !== '' ? this.status : undefined
  }
}
