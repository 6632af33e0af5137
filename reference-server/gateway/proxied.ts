import type { ServerResponse } from 'node:http'
import type { AssembledParts } from '../assembly.ts'
import type { ProxyRequest } from '../proxy/port.ts'
import { type ModelWork, runAdmitted, type WorkLimits } from './admitted.ts'
import { Lifecycle } from './lifecycle.ts'

/** A request on its way through to the model's server, from its acceptance to its end. */
export class Proxied implements ModelWork {
  readonly what = 'the request'
  readonly app: string
  readonly cancel = new AbortController()
  readonly lifecycle = new Lifecycle()
  readonly request: ProxyRequest

  constructor(app: string, request: Omit<ProxyRequest, 'lifecycle'>) {
    this.app = app
    this.request = { ...request, lifecycle: this.lifecycle }
  }
}

/**
 * The story of a proxied request: let in like a turn, and passed on.
 * @returns false where something failed when its answer had begun, which is cut off then
 * @throws Problem, or the reason with which it was aborted, while nothing was answered
 */
export const passOn = (
  parts: AssembledParts,
  proxied: Proxied,
  response: ServerResponse,
  limits: WorkLimits,
): Promise<boolean> =>
  runAdmitted(parts, proxied, limits, async () => {
    await parts.proxy.forward(proxied.request, response, proxied.cancel.signal)
    if (response.writableEnded) proxied.lifecycle.mark('delivered')
    return response.writableEnded
  })
