/**
 * The loops that operations are done in. What they found out about one operation is not true of another, so each file of them
 * that is imported under a query of its own (`loops.ts?of=nothing`) is compiled by itself: an operation can then be inlined
 * into its loop as the loop of nothing is, whose cost is subtracted from it.
 *
 * Every value goes into the sum that is returned: what nobody uses the optimiser may leave out. No two operations have the
 * same number: what is done twice alike it might do once.
 */
export type Operation = (at: number) => number
export type AsyncOperation = (at: number) => number | Promise<number>

/** Operations in a round of `once`: with one alone the processor would have nothing to do beside its loop. */
export const operationsARound = 4

export function once(operation: Operation, rounds: number): number {
  let sum = 0
  for (let round = 0; round < rounds; round++) {
    const at = 4 * round
    sum = (sum + operation(at)) | 0
    sum = (sum + operation(at + 1)) | 0
    sum = (sum + operation(at + 2)) | 0
    sum = (sum + operation(at + 3)) | 0
  }
  return sum
}

/** Twice the work in each round. */
export function twice(operation: Operation, rounds: number): number {
  let sum = 0
  for (let round = 0; round < rounds; round++) {
    const at = 8 * round
    sum = (sum + operation(at)) | 0
    sum = (sum + operation(at + 1)) | 0
    sum = (sum + operation(at + 2)) | 0
    sum = (sum + operation(at + 3)) | 0
    sum = (sum + operation(at + 4)) | 0
    sum = (sum + operation(at + 5)) | 0
    sum = (sum + operation(at + 6)) | 0
    sum = (sum + operation(at + 7)) | 0
  }
  return sum
}

/** One operation a round: there is always something to do beside a promise. */
export async function onceAwaited(operation: AsyncOperation, rounds: number): Promise<number> {
  let sum = 0
  for (let round = 0; round < rounds; round++) sum = (sum + (await operation(round))) | 0
  return sum
}

export async function twiceAwaited(operation: AsyncOperation, rounds: number): Promise<number> {
  let sum = 0
  for (let round = 0; round < rounds; round++) {
    sum = (sum + (await operation(2 * round))) | 0
    sum = (sum + (await operation(2 * round + 1))) | 0
  }
  return sum
}
