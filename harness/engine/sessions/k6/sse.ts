import type { VirtualUser } from '../users/vu.ts'
import { assertRunning } from './core.ts'
import { GoError } from './go-error.ts'
import { type K6Module, lazyModule } from './port.ts'
import { readSseParams } from './sse-params.ts'
import { type SetUp, type SseResponse, SseSession } from './sse-session.ts'

const lazy = lazyModule({
  open:
    (user) =>
    (...args: unknown[]) =>
      open(user, args),
})

/** Module `k6/x/sse`, as the extension xk6-sse has it. Its metric is there as soon as a script imports it. */
export const sseModule: K6Module = {
  names: lazy.names,
  namespaceFor(user) {
    user.context.registry.builtin('sse_event')
    return lazy.namespaceFor(user)
  },
}

/** `open(url, setUp)` or `open(url, params, setUp)`: the user stands still until the stream is over. */
function open(user: VirtualUser, args: readonly unknown[]): Promise<SseResponse> {
  assertRunning(user, 'sse.open()')
  if (args.length !== 2 && args.length !== 3) throw new GoError('invalid number of arguments to sse.open')
  const setUp = args.at(-1)
  if (typeof setUp !== 'function') throw new GoError('last argument to sse.open must be a function')
  const params = readSseParams(args.length === 3 ? args[1] : undefined)
  return new Promise<SseResponse>((resolve, reject) => {
    new SseSession(user, String(args[0]), params, setUp as SetUp, { resolve, reject })
  })
}
