import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { Pool } from 'undici'

/** A server for one test, with a pool of connections to it; `inFlight` counts the requests that are not closed. */
export const startServer = async (t: TestContext, listener: RequestListener) => {
  const counts = { asked: 0, inFlight: 0 }
  const server = createServer((request, response) => {
    counts.asked += 1
    counts.inFlight += 1
    response.on('close', () => (counts.inFlight -= 1))
    listener(request, response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  t.after(async () => {
    await pool.destroy()
    server.close()
    server.closeAllConnections()
  })
  return { pool, counts }
}
