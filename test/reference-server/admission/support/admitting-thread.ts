/** Runs turns as one of several workers: each is admitted, is in flight for a turn of the event loop, and is released. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { admissionAcrossWorkers } from '../../../../reference-server/admission/across-workers.ts'

const { limits, memory, worker, turns, counts } = workerData
const inFlight = new Int32Array(counts)
const admission = admissionAcrossWorkers(limits, memory, worker)
const never = new AbortController().signal
let most = 0

const runTurn = async (): Promise<void> => {
  await admission.admit(never)
  most = Math.max(most, Atomics.add(inFlight, 0, 1) + 1)
  await nextTurn()
  Atomics.sub(inFlight, 0, 1)
  admission.release()
}

// A gateway's server keeps the thread alive while all of its turns wait for another worker.
const alive = setInterval(() => {}, 60_000)
await Promise.all(Array.from({ length: turns }, runTurn))
clearInterval(alive)
parentPort!.postMessage({ most, inUse: admission.inUse, waiting: admission.waiting })
