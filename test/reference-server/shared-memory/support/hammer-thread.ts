import { parentPort } from 'node:worker_threads'
import { jobs } from './hammer-jobs.ts'

/** Waits until the whole crew is here, so that nobody has finished before the last one begins. */
function waitForTheOthers(gate: Int32Array, crew: number): void {
  const here = Atomics.add(gate, 0, 1) + 1
  if (here === crew) Atomics.notify(gate, 0)
  for (let seen = here; seen < crew; seen = Atomics.load(gate, 0)) Atomics.wait(gate, 0, seen)
}

parentPort!.on('message', ({ name, given, index, crew, gate }) => {
  try {
    waitForTheOthers(new Int32Array(gate), crew)
    parentPort!.postMessage({ outcome: jobs[name as keyof typeof jobs](given, index) })
  } catch (error) {
    parentPort!.postMessage({ failure: error instanceof Error ? error.stack : String(error) })
  }
})
