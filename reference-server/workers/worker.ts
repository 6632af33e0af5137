/** A worker thread: serves until the main thread tells it to stop. */
import { parentPort, workerData } from 'node:worker_threads'
import { messageOf, StartError } from '../errors.ts'
import { readConfig } from '../gateway/config.ts'
import { serve } from '../gateway/server.ts'
import type { FromWorker, WorkerOrder } from './host.ts'

const tell = (message: FromWorker): void => parentPort?.postMessage(message)

try {
  const order = workerData as WorkerOrder
  const serving = await serve({ ...order, config: await readConfig(process.env) })
  const steps = [...serving.closingSteps]
  parentPort?.on('message', async () => {
    try {
      await steps.shift()?.()
    } finally {
      if (steps.length === 0) parentPort?.close()
      else tell({ kind: 'stepped', left: steps.length })
    }
  })
  tell({ kind: 'listening', port: serving.port })
} catch (error) {
  tell({ kind: 'failed', message: messageOf(error), isStartError: error instanceof StartError })
}
