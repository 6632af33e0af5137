import { ClientPerCall } from '../upstream/connections.ts'
import { askOver, type HostConfig } from './ask.ts'
import type { HostRequest, ToolHost } from './port.ts'

class PerCallToolHost extends ClientPerCall implements ToolHost {
  readonly #config: HostConfig

  constructor(config: HostConfig) {
    super(config.toolsUrl, config.authority)
    this.#config = config
  }

  ask(request: HostRequest, signal: AbortSignal): Promise<string> {
    return this.withClient((client) => askOver(client, this.#config, request, signal))
  }
}

export const perCallToolHost = (config: HostConfig): ToolHost => new PerCallToolHost(config)
