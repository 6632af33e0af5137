import type { WebSocketClient } from '../transport/websocket.ts'
import type { VirtualUser } from '../users/vu.ts'
import { OperationTags } from './tags.ts'

/** Records what one WebSocket session does, with k6's tags for it. */
export class SocketSamples extends OperationTags {
  private readonly url: string
  /** Only sessions of `k6/websockets` have the tag `name`; there a script's own names the url too. */
  private readonly hasName: boolean
  /** Of the handshake's answer; empty as long as there is none. */
  status = ''
  subprotocol = ''
  private startMs = 0
  private sentBytes = 0
  private receivedBytes = 0

  constructor(
    user: VirtualUser,
    url: string,
    tags: Readonly<Record<string, unknown>> | null,
    { hasName }: { hasName: boolean },
  ) {
    super(user, tags)
    this.url = url
    this.hasName = hasName
    this.startMs = user.context.now()
  }

  /** The handshake is over, well or not: k6 counts both. */
  connected(): void {
    const { metrics, now } = this.user.context
    metrics.ws_sessions.add(1, this.user.scenarioIndex, this)
    metrics.ws_connecting.add(now() - this.startMs, this.user.scenarioIndex, this)
  }

  sent(): void {
    this.user.context.metrics.ws_msgs_sent.add(1, this.user.scenarioIndex, this)
  }

  received(): void {
    this.user.context.metrics.ws_msgs_received.add(1, this.user.scenarioIndex, this)
  }

  ponged(pingSentMs: number): void {
    const { metrics, now } = this.user.context
    metrics.ws_ping.add(now() - pingSentMs, this.user.scenarioIndex, this)
  }

  ended(): void {
    const { metrics, now } = this.user.context
    metrics.ws_session_duration.add(now() - this.startMs, this.user.scenarioIndex, this)
  }

  /** Bytes since the last call. */
  countBytes({ bytesSent, bytesReceived }: WebSocketClient): void {
    const { metrics } = this.user.context
    metrics.data_sent.add(bytesSent - this.sentBytes, this.user.scenarioIndex, this.user)
    metrics.data_received.add(bytesReceived - this.receivedBytes, this.user.scenarioIndex, this.user)
    this.sentBytes = bytesSent
    this.receivedBytes = bytesReceived
  }

  protected override systemTag(name: string): string | undefined {
    switch (name) {
      case 'url':
        return this.hasName ? String(this.tags?.name ?? this.url) : this.url
      case 'name':
        return this.hasName ? String(this.tags?.name ?? this.url) : undefined
      case 'status':
        return this.status === '' ? undefined : this.status
      case 'subproto':
        return this.status === '' ? undefined : this.subprotocol
      default:
        return undefined
    }
  }
}
