import { Interrupted } from '../users/interrupted.ts'
import type { VirtualUser } from '../users/vu.ts'
import { consoleText } from './console-text.ts'
import { open } from './open.ts'
import { lazyModule } from './port.ts'
import { timerFunctions } from './timers.ts'
import { webcryptoFor } from './webcrypto.ts'

/** The global names that a script finds, as one user sees them. */
export function globalsFor(user: VirtualUser): Record<string, unknown> {
  let webcrypto: unknown = null
  const globals: Record<string, unknown> = {
    __ENV: user.env,
    console: consoleModule.namespaceFor(user),
    open: (path: unknown, mode?: unknown) => open(user, path, mode),
    // Not in k6: a clock finer than Date.now(), for scripts that ask `typeof performance` first; text as bytes.
    performance: sharedPerformance,
    TextEncoder,
    TextDecoder,
    Math: user.math,
    get crypto() {
      webcrypto ??= webcryptoFor(user)
      return webcrypto
    },
    get __VU() {
      return user.id
    },
    get __ITER() {
      return user.iterationInInstance < 0 ? undefined : user.iterationInInstance
    },
  }
  for (const [name, bind] of Object.entries(timerFunctions)) {
    Object.defineProperty(globals, name, { enumerable: true, get: lazily(() => bind(user)) })
  }
  return globals
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

const sharedPerformance = Object.freeze({ now: () => performance.now(), timeOrigin: performance.timeOrigin })

type Level = 'info' | 'warn' | 'error' | 'debug'

/** A user that was stopped says nothing any more, and what it was about to do next is not done. */
const say =
  (level: Level) =>
  (user: VirtualUser) =>
  (...values: unknown[]): void => {
    if (user.isStopped) throw new Interrupted()
    user.context.log(level, values.map(consoleText).join(' '), 'console')
  }

const consoleModule = lazyModule({
  log: say('info'),
  info: say('info'),
  warn: say('warn'),
  error: say('error'),
  debug: say('debug'),
})
