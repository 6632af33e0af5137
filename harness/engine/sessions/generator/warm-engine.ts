import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Conductor } from '../load-test/conductor.ts'
import { LoadTest } from '../load-test/load-test.ts'
import type { TestPlan } from '../load-test/part.ts'

/** Enough for what every request runs through to be compiled. */
const requests = { vus: 20, iterations: 4000, maxDuration: '2s' }

const answer = Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok')

/** Short loads, and those of few users, are over before it would have paid. */
export const isWorthWarming = ({ durationS, maxVUs }: TestPlan): boolean => durationS >= 5 && maxVUs >= 20

/**
 * Code that runs for the first time runs several times as long, and what a load begins with would be late for it. So
 * the engine makes some requests to a server of its own, in the same process, before a load begins; nothing of them is
 * kept, and the server under test hears nothing of it.
 */
export async function warmEngine(): Promise<void> {
  const server = createServer((socket) => {
    socket.on('data', () => socket.write(answer))
    socket.on('error', () => socket.destroy())
  })
  try {
    const url = await listen(server)
    const test = await LoadTest.prepare(
      { script: fileURLToPath(import.meta.resolve('./own-load.ts')), env: { URL: url }, options: requests },
      { log: () => {}, second: () => {}, stopping: () => {} },
    )
    await new Conductor(test.plan(), 1, { log: () => {} }).run([test])
  } finally {
    await close(server)
  }
}

const close = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()))

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
