import type { VirtualUser } from '../users/vu.ts'
import { assertRunning } from './core.ts'
import { GoError } from './go-error.ts'
import { lazyModule } from './port.ts'
import { readSocketParams } from './socket-params.ts'
import { type SetUp, type WsResponse, WsSession } from './ws-socket.ts'

/** Module `k6/ws`. */
export const wsModule = lazyModule({
  connect:
    (user) =>
    (...args: unknown[]) =>
      connect(user, args),
})

/** `connect(url, setUp)` or `connect(url, params, setUp)`: the user stands still until the session is over. */
function connect(user: VirtualUser, args: readonly unknown[]): Promise<WsResponse> {
  assertRunning(user, 'ws.connect()')
  if (args.length !== 2 && args.length !== 3) throw new GoError('invalid number of arguments to ws.connect')
  const setUp = args.at(-1)
  if (typeof setUp !== 'function') throw new GoError('last argument to ws.connect must be a function')
  const params = readSocketParams(user, args.length === 3 ? args[1] : undefined, 'ws.connect()')
  return new Promise<WsResponse>((resolve, reject) => {
    new WsSession(user, String(args[0]), params, setUp as SetUp, { resolve, reject })
  })
}
