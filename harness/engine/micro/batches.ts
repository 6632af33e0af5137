import type * as Loops from './loops.ts'
import type { OpenTask } from './suite.ts'

/** Does so many rounds of a loop; gives what is to be used of them. */
export type Batch = (rounds: number) => number | Promise<number>

/** The four loops of a task, each compiled by itself. */
export interface Batches {
  isAsync: boolean
  /** What a round of `once` stands for. */
  operationsARound: number
  once: Batch
  /** Twice the operations in each round. */
  twice: Batch
  /** The same rounds with nothing to do in them. */
  emptyOnce: Batch
  emptyTwice: Batch
}

const loopsOf = async (what: 'operations' | 'nothing'): Promise<typeof Loops> =>
  (await import(new URL(`./loops.ts?of=${what}`, import.meta.url).href)) as typeof Loops

/** Calls by which it is found out what an operation gives; of slow ones as many as there is time for. */
const probes = 64
const longestProbeMs = 20

/**
 * Finds out by some calls whether an operation has to be awaited, and whether it always gives a number. Who has to wait for a promise pays for the waiting: it is
 * part of such an operation's cost, and the loop of nothing that is subtracted has none.
 * @throws what the operation throws, and Error where it gives no number, or a promise only now and then
 */
export async function batchesOf({ operation, operationsPerCall = 1 }: OpenTask): Promise<Batches> {
  const first: unknown = operation(0)
  const isAsync = typeof (first as Partial<Promise<number>> | null)?.then === 'function'
  assertNumber(await first)
  if (!isAsync) probe(operation)
  const [own, empty] = [await loopsOf('operations'), await loopsOf('nothing')]
  const sync = operation as Loops.Operation
  return {
    isAsync,
    operationsARound: operationsPerCall * (isAsync ? 1 : own.operationsARound),
    once: isAsync ? (rounds) => own.onceAwaited(operation, rounds) : (rounds) => own.once(sync, rounds),
    twice: isAsync ? (rounds) => own.twiceAwaited(operation, rounds) : (rounds) => own.twice(sync, rounds),
    emptyOnce: (rounds) => empty.once(nothing, rounds),
    emptyTwice: (rounds) => empty.twice(nothing, rounds),
  }
}

/** @throws TypeError where a later call gives something else than the first: it would be counted as if it took no time */
function probe(operation: (at: number) => unknown): void {
  const startMs = performance.now()
  for (let at = 1; at < probes && performance.now() - startMs < longestProbeMs; at++) assertNumber(operation(at))
}

function assertNumber(value: unknown): void {
  if (typeof value === 'number' && !Number.isNaN(value)) return
  const given =
    value === null
      ? 'null'
      : value instanceof Promise
        ? 'a promise now and then'
        : Number.isNaN(value)
          ? 'NaN'
          : typeof value
  throw new TypeError(
    `the operation gave ${given}, expected a number that depends on its work: what nobody can use the optimiser leaves out`,
  )
}

/** A small number: large ones would make the sum one of floating point, and the empty loop slower than the others. */
const nothing = (): number => 1
