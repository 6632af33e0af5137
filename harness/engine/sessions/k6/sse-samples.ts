import type { Metric } from '../../../metrics/registry.ts'
import type { StreamExchange } from '../transport/stream-exchange.ts'
import type { VirtualUser } from '../users/vu.ts'
import { OperationTags } from './tags.ts'
import { timingsOf } from './timings.ts'

/** Records what one stream does, with the tags that the extension gives it. */
export class SseSamples extends OperationTags {
  private readonly url: string
  private readonly events: Metric
  /** Of the answer; empty as long as there is none. */
  status = ''

  constructor(user: VirtualUser, url: string, tags: Readonly<Record<string, unknown>> | null) {
    super(user, tags)
    this.url = url
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

  protected override systemTag(name: string): string | undefined {
    if (name === 'url') return this.url
    return name === 'status' && this.status !== '' ? this.status : undefined
  }
}
