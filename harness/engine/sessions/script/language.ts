import { runInNewContext } from 'node:vm'

/** Global names of a bare JavaScript; console and WebAssembly, which V8 adds, are left out. */
export const languageNames: ReadonlySet<string> = new Set(
  (runInNewContext('Object.getOwnPropertyNames(globalThis)') as string[]).filter(
    (name) => name !== 'console' && name !== 'WebAssembly' && name !== 'globalThis',
  ),
)
