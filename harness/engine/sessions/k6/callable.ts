/** @throws TypeError in k6's words for an argument that should be a function and is none */
export function assertCallable(value: unknown): asserts value is (...args: unknown[]) => unknown {
  if (typeof value === 'function') return
  throw new TypeError(
    `could not convert function call parameter 0: could not convert ${String(value)} to sobek.Callable`,
  )
}
