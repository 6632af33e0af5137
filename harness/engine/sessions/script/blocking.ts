/**
 * Which exports of which k6 module block. In k6 these calls stop the user's virtual machine until they are done; here
 * they return promises that the rewritten script awaits.
 *
 * always: the call itself waits.
 * callback: the call runs a function of the script while it lasts, and waits only if that function does.
 */
export type Blocking = { waits: 'always' } | { waits: 'callback'; argument: number }

const always: Blocking = { waits: 'always' }

export const blockingApis: Readonly<Record<string, Readonly<Record<string, Blocking>>>> = {
  k6: {
    sleep: always,
    group: { waits: 'callback', argument: 1 },
    check: { waits: 'callback', argument: 1 },
  },
  'k6/http': {
    get: always,
    post: always,
    put: always,
    patch: always,
    del: always,
    head: always,
    options: always,
    request: always,
    batch: always,
  },
  'k6/ws': { connect: always },
  'k6/x/sse': { open: always },
}

/** Exports that give promises in k6 too: never awaited for the script, so that they stay parallel. */
export const promiseApis: Readonly<Record<string, readonly string[]>> = {
  'k6/http': ['asyncRequest'],
}

/** Array methods that have a sequential twin among the helpers; their callback may wait. */
export const waitingArrayMethods: ReadonlySet<string> = new Set([
  'forEach',
  'map',
  'filter',
  'reduce',
  'reduceRight',
  'some',
  'every',
  'find',
  'findIndex',
  'findLast',
  'findLastIndex',
  'flatMap',
])

/** Built-in methods that call back at once and cannot wait, with what to do instead. */
export const impatientMethods: Readonly<Record<string, { what: string; remedy: string }>> = {
  sort: { what: 'a sort comparator', remedy: 'fetch what you compare by first, then sort' },
  toSorted: { what: 'a sort comparator', remedy: 'fetch what you compare by first, then sort' },
  replace: { what: 'a String replace callback', remedy: 'collect the matches first, fetch in a loop, then replace' },
  replaceAll: { what: 'a String replace callback', remedy: 'collect the matches first, fetch in a loop, then replace' },
  groupBy: { what: 'a groupBy callback', remedy: 'compute the keys in a loop first' },
  parse: { what: 'a JSON reviver', remedy: 'parse first, then walk the value in a loop' },
  stringify: { what: 'a JSON replacer', remedy: 'prepare the value in a loop, then stringify it' },
}

/** Methods that the language itself calls; it does not wait for them. */
export const languageMethods: ReadonlySet<string> = new Set([
  'toJSON',
  'toString',
  'valueOf',
  '@@toPrimitive',
  '@@iterator',
  '@@hasInstance',
])
