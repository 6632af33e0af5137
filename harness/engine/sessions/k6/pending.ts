/**
 * What blocking calls return: a promise that the rewritten script awaits. Where the analysis of the script missed a
 * call, the script meets this object instead of the result, and using it as the result says so, instead of giving
 * `undefined`.
 */
export class PendingResult<T> extends Promise<T> {
  // `then` gives plain promises, and `await` takes this one as it is instead of wrapping it once more.
  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }
}
Object.defineProperty(PendingResult.prototype, 'constructor', { value: Promise })

const resultFields = ['status', 'status_text', 'body', 'headers', 'timings', 'cookies', 'error', 'error_code', 'json', 'html', 'request', 'url', 'proto', 'length'] // biome-ignore format: one list
for (const field of resultFields) {
  Object.defineProperty(PendingResult.prototype, field, {
    get() {
      throw new Error(
        `"${field}" was read from a response that is still on its way: the call that made it was not recognised as blocking. Call it by its own name (http.get(...)), not through a value that weir cannot follow`,
      )
    },
  })
}
