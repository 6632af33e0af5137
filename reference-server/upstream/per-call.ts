import type { Answer } from '../delivery/port.ts'
import type { GatewayConfig } from '../gateway/config.ts'
import { type ChatTarget, chatTarget, checkHealth, completeChat } from './chat.ts'
import { ClientPerCall } from './connections.ts'
import type { ModelCall, Upstream } from './port.ts'

class PerCallUpstream extends ClientPerCall implements Upstream {
  readonly #target: ChatTarget

  constructor({ modelUrl, modelName, authority, upstreamTimeoutMs }: GatewayConfig) {
    super(modelUrl, authority)
    this.#target = chatTarget(modelUrl, modelName, upstreamTimeoutMs)
  }

  complete(call: ModelCall): Promise<Answer> {
    return this.withClient((client) => completeChat(client, this.#target, call))
  }

  check(signal: AbortSignal): Promise<void> {
    return this.withClient((client) => checkHealth(client, this.#target.basePath, signal))
  }
}

export const perCallUpstream = (config: GatewayConfig): Upstream => new PerCallUpstream(config)
