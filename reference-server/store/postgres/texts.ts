import { pairUp, type Write } from '../port.ts'

/** PostgreSQL's texts hold neither U+0000 nor halves of surrogate pairs, which JavaScript's may: they are replaced. */
export const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD')

const storableValue = (_name: string, value: unknown): unknown => (typeof value === 'string' ? storable(value) : value)

/** How JSON writes what `storable` replaces; an escaped backslash before it is taken for it too, which costs time only. */
const mayBeUnstorable = /\\u0000|\\ud[89a-f]/

const withPairs = (write: Write): unknown =>
  write.kind === 'put-session' ? { ...write, messages: undefined, pairs: pairUp(write.messages ?? []) } : write

/** A batch as the function `apply_writes` takes it. */
export const batchAsJson = (writes: readonly Write[]): string => {
  const changes = writes.map(withPairs)
  const json = JSON.stringify(changes)
  return mayBeUnstorable.test(json) ? JSON.stringify(changes, storableValue) : json
}
