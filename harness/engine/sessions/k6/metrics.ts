import type { Metric } from '../../../metrics/registry.ts'
import type { SinkKind } from '../../../metrics/sinks.ts'
import { Interrupted } from '../interrupted.ts'
import type { VirtualUser } from '../vu.ts'
import { lazyModule } from './port.ts'
import { checkTags, OwnTags } from './tags.ts'

/** A metric that a script declares: one object a user, one set of sinks a test. */
class CustomMetric {
  readonly name: string
  readonly #metric: Metric
  readonly #user: VirtualUser

  constructor(user: VirtualUser, kind: SinkKind, name: string, isTime: boolean) {
    if (!user.isInitialising) throw new Error('metrics must be declared in the init context')
    if (!/^[a-zA-Z_][a-zA-Z0-9_]{0,127}$/.test(name)) {
      throw new Error(
        `Invalid metric name: '${name}'. Expected ASCII letters, digits and underscores, not beginning with a digit, at most 128`,
      )
    }
    this.name = name
    this.#user = user
    this.#metric = user.context.registry.open(name, kind, isTime)
    // What a scenario measures itself is what it is about: shown over time.
    if (isTime) this.#metric.watchOverTime()
  }

  add(value: number | boolean, tags?: Record<string, string>): void {
    if (this.#user.isInitialising) throw new Error('metrics cannot be added to in the init context')
    if (this.#user.isStopped) throw new Interrupted()
    const number = Number(value)
    if (Number.isNaN(number)) {
      this.#user.context.warnOnce(
        `metric '${this.name}': add() was given ${String(value)}, which is not a number; it was left out`,
      )
      return
    }
    if (tags) checkTags(tags)
    const source = tags ? new OwnTags(this.#user, tags) : this.#user
    this.#metric.add(number, this.#user.scenarioIndex, source)
  }
}

/** A constructor that acts for one user; `instanceof` holds. */
function constructorFor(user: VirtualUser, kind: SinkKind): unknown {
  function Declared(name: string, isTime = false): CustomMetric {
    return new CustomMetric(user, kind, String(name), kind === 'trend' && isTime === true)
  }
  Declared.prototype = CustomMetric.prototype
  return Declared
}

/** Module `k6/metrics`. */
export const metricsModule = lazyModule({
  Counter: (user) => constructorFor(user, 'counter'),
  Gauge: (user) => constructorFor(user, 'gauge'),
  Rate: (user) => constructorFor(user, 'rate'),
  Trend: (user) => constructorFor(user, 'trend'),
})
