/** What blocking calls return: a promise that the rewritten script awaits. */
export class PendingResult<T> extends Promise<T> {
  // `then` gives plain promises, and `await` takes this one as it is instead of wrapping it once more.
  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }
}
Object.defineProperty(PendingResult.prototype, 'constructor', { value: Promise })

const missed =
  'the call that made it was not recognised as blocking. Call it by its own name, not through a value that weir cannot follow'

const resultFields = ['status', 'status_text', 'body', 'headers', 'timings', 'cookies', 'error', 'error_code', 'json', 'html'] // biome-ignore format: one list

/** Names that promises of other libraries may have too. */
const fieldsOfOwn = ['request', 'url', 'proto', 'length']

/**
 * Where the analysis of a script missed a call, the script meets a promise instead of the result: that of a k6
 * function, or that of a function of its own that was made async. Using any promise as a result, a text or a number says
 * so instead of giving `undefined` or "[object Promise]"; no script that awaits its promises does that.
 */
function refuseUseAsResult(): void {
  for (const field of [...resultFields, ...fieldsOfOwn]) {
    define(fieldsOfOwn.includes(field) ? PendingResult.prototype : Promise.prototype, field, {
      get: () => refuse(`"${field}" was read from a result that is still on its way`),
    })
  }
  define(Promise.prototype, Symbol.toPrimitive, {
    value: () => refuse('a result that is still on its way was used as a text or a number'),
  })
}

function define(holder: object, name: PropertyKey, property: PropertyDescriptor): void {
  Object.defineProperty(holder, name, { ...property, configurable: true })
}

function refuse(what: string): never {
  throw new Error(`${what}: ${missed}`)
}

refuseUseAsResult()
