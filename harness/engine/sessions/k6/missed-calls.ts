const missed =
  'the call that made it was not recognised as blocking. Call it by its own name, not through a value that weir cannot follow'

/**
 * The analysis missed a call, and the script went on without its result: requests went out beside each other that in k6
 * follow one another. Such a load is another one than the script describes.
 */
export class MissedCall extends Error {
  override name = 'MissedCall'

  constructor(what: string) {
    super(`${what}: ${missed}`)
  }
}

const resultFields = ['status', 'status_text', 'body', 'headers', 'timings', 'cookies', 'error', 'error_code', 'json', 'html', 'request', 'url', 'proto'] // biome-ignore format: one list

/**
 * Where the analysis of a script missed a call, the script meets a promise instead of the result: that of a k6
 * function, or that of a function of its own that was made async. Using any promise as a result, a text or a number says
 * so instead of giving `undefined` or "[object Promise]"; no script that awaits its promises does that.
 */
export function refusePromisesAsResults(): void {
  for (const field of resultFields) {
    Object.defineProperty(Promise.prototype, field, {
      configurable: true,
      get: () => refuse(`"${field}" was read from a result that is still on its way`),
      set(this: Promise<unknown>, value: unknown) {
        Object.defineProperty(this, field, { value, writable: true, enumerable: true, configurable: true })
      },
    })
  }
  Object.defineProperty(Promise.prototype, 'toJSON', {
    configurable: true,
    value: () => refuse('a result that is still on its way was made JSON'),
  })
  Object.defineProperty(Promise.prototype, Symbol.toPrimitive, {
    configurable: true,
    value: () => refuse('a result that is still on its way was used as a text or a number'),
  })
}

function refuse(what: string): never {
  throw new Error(`${what}: ${missed}`)
}
