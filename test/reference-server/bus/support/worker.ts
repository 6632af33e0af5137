/** A worker that answers `question` on `answer`, and ends when it is told to, with its bus still open. */
import { parentPort, workerData } from 'node:worker_threads'
import { inProcessBus } from '../../../../reference-server/bus/in-process.ts'

const bus = inProcessBus({ index: 1, count: 2 }, workerData as string)
await bus.open()
await bus.subscribe('question', (_channel, message) => void bus.publish('answer', message.toUpperCase()))
parentPort?.once('message', () => {})
parentPort?.postMessage('ready')
