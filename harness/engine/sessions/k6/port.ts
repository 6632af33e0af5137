import type { VirtualUser } from '../users/vu.ts'

/** A module that scripts import, such as `k6/http`. */
export interface K6Module {
  /** What it exports beside `default`. */
  names: readonly string[]
  /** The module as one user sees it: its functions act for that user. */
  namespaceFor(user: VirtualUser): Record<string, unknown>
}

/**
 * A module whose functions take the user as first argument. Ten thousand users would pay for ten thousand copies of
 * every function, so a function is bound to its user when the script first touches it.
 */
export function lazyModule(members: Record<string, (user: VirtualUser) => unknown>): K6Module {
  class Namespace {
    readonly user: VirtualUser
    constructor(user: VirtualUser) {
      this.user = user
      Object.defineProperty(this, 'user', { enumerable: false })
    }
  }
  for (const [name, bind] of Object.entries(members)) {
    Object.defineProperty(Namespace.prototype, name, {
      enumerable: true,
      get(this: Namespace) {
        const value = bind(this.user)
        Object.defineProperty(this, name, { value, enumerable: true })
        return value
      },
    })
  }
  Object.defineProperty(Namespace.prototype, 'default', {
    get() {
      return this
    },
  })
  Object.defineProperty(Namespace.prototype, 'toJSON', {
    value(this: Record<string, unknown>) {
      return Object.fromEntries(Object.keys(members).map((name) => [name, this[name]]))
    },
  })
  return {
    names: Object.keys(members),
    namespaceFor: (user) => new Namespace(user) as unknown as Record<string, unknown>,
  }
}
