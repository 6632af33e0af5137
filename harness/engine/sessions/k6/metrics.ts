import { messageOf } from '../../../errors.ts'
import type { Metric } from '../../../metrics/registry.ts'
import type { SinkKind } from '../../../metrics/sinks.ts'
import { Interrupted } from '../users/interrupted.ts'
import type { VirtualUser } from '../users/vu.ts'
import { GoError } from './go-error.ts'
import { lazyModule } from './port.ts'
import { checkTags, OwnTags } from './tags.ts'

/** A metric that a script declares: one object a user, one set of sinks a test. */
class CustomMetric {
  readonly name: string
  readonly #metric: Metric
  readonly #user: VirtualUser

  constructor(user: VirtualUser, kind: SinkKind, name: string, isTime: boolean) {
    if (!user.isInitialising) throw new GoError('metrics must be declared in the init context')
    if (!/^[a-zA-Z_][a-zA-Z0-9_]{0,128}$/.test(name)) {
      throw new GoError(
        `Invalid metric name: '${name}'. Metric names must only include up to 128 ASCII letters, numbers, or underscores and start with a letter or an underscore.`,
      )
    }
    this.name = name
    this.#user = user
    this.#metric = open(user, kind, name, isTime)
    // What a scenario measures itself is what it is about: shown over time.
    if (isTime) this.#metric.watchOverTime()
  }

  /** @returns whether the value was taken */
  add(value: number | boolean, tags?: Record<string, string>): boolean {
    if (this.#user.isInitialising) throw new Error('metrics cannot be added to in the init context')
    if (this.#user.isStopped) throw new Interrupted()
    const number = value === null ? Number.NaN : Number(value)
    // k6 takes what is infinite; no sum, mean or file survives it.
    // biome-ignore lint/complexity/noArguments: only where something is wrong does their number matter
    if (!Number.isFinite(number)) return this.#refuse(arguments.length === 0 ? null : String(value))
    if (tags) checkTags(tags, `cannot add tags for the '${this.name}' custom metric: `)
    const source = tags ? new OwnTags(this.#user, tags) : this.#user
    this.#metric.add(number, this.#user.scenarioIndex, source)
    return true
  }

  /** @param value as text; null where there was none */
  #refuse(value: string | null): false {
    const about = value === null ? 'no value was provided' : `'${value}' is an invalid value`
    const message = `${about} for metric '${this.name}', a number or a boolean value is expected`
    if (this.#user.context.options.throw) throw new GoError(message)
    this.#user.context.warnOnce(message)
    return false
  }
}

/** @throws GoError where the script, or the engine, has a metric of this name and another type */
function open(user: VirtualUser, kind: SinkKind, name: string, isTime: boolean): Metric {
  try {
    return user.context.registry.open(name, kind, isTime)
  } catch (error) {
    throw new GoError(messageOf(error))
  }
}

const textOf = (name: unknown): string => (name === undefined || name === null ? '' : String(name))

/** A constructor that acts for one user; `instanceof` holds. */
function constructorFor(user: VirtualUser, kind: SinkKind): unknown {
  function Declared(name: unknown, isTime?: unknown): CustomMetric {
    return new CustomMetric(user, kind, textOf(name), kind === 'trend' && Boolean(isTime))
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
