import type { GatewayConfig } from '../gateway/config.ts'
import { ClientPerCall } from '../upstream/connections.ts'
import type { Knowledge } from './port.ts'
import { KnowledgeService } from './service.ts'

class PerCallKnowledge extends ClientPerCall implements Knowledge {
  readonly #service: KnowledgeService

  constructor(config: GatewayConfig) {
    super(config.knowledgeUrl, config.authority)
    this.#service = new KnowledgeService(config)
  }

  lookUp(query: string, signal: AbortSignal): Promise<string[]> {
    return this.withClient((client) => this.#service.lookUp(client, query, signal))
  }

  check(signal: AbortSignal): Promise<void> {
    return this.withClient((client) => this.#service.check(client, signal))
  }
}

export const perCallKnowledge = (config: GatewayConfig): Knowledge => new PerCallKnowledge(config)
