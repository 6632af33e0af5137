import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocketServer } from 'ws'
import { runScript } from './run-script.ts'

const pieceBytes = 64 * 1024
const pieces = 1000
/** What two sockets of the system may hold at the very most, and the engine besides, is far below it. */
const halfOfAll = (pieces * pieceBytes) / 2
const text = 'x'.repeat(pieceBytes - 8)

/** Bytes that the system has taken from the server. */
const taken = (socket: Socket): number => socket.bytesWritten - socket.writableLength

/** When all has been taken, or nothing more is: twenty looks in a row saw the same. */
const atStandstill = async (socket: Socket): Promise<number> => {
  let [last, same] = [-1, 0]
  while (same < 20 && last < pieces * pieceBytes) {
    await sleep(10)
    same = taken(socket) === last ? same + 1 : 0
    last = taken(socket)
  }
  return last
}

interface SlowlyRead {
  url: string
  /** How much of the stream was taken while the client's handler was at work. */
  takenMeanwhile: number[]
}

/** `/stream` sends 64 MB in a thousand events, and as many messages to a WebSocket; `/wait` answers at a standstill. */
const streamServer = async (t: TestContext): Promise<SlowlyRead> => {
  const served: SlowlyRead = { url: '', takenMeanwhile: [] }
  let streaming: Socket | undefined
  const answer: RequestListener = async ({ url, socket }, response) => {
    if (url === '/wait') {
      served.takenMeanwhile.push(await atStandstill(streaming!))
      return void response.end()
    }
    streaming = socket
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (let piece = 0; piece < pieces; piece++) response.write(`data: ${text}\n\n`)
    response.end()
  }
  const server = createServer(answer)
  const sockets = new WebSocketServer({ server, perMessageDeflate: false })
  sockets.on('connection', (client, { socket }) => {
    streaming = socket
    for (let piece = 0; piece < pieces; piece++) client.send(text)
    client.close()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const client of sockets.clients) client.terminate()
    server.close().closeAllConnections()
  })
  served.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return served
}

describe('a handler that is at work holds the server up, and nothing is lost', { concurrency: 2 }, () => {
  const body = `
    let heard = 0
    const hear = () => {
      heard++
      if (heard === 1 || heard === 500) http.get(URL + '/wait')
    }`
  const streams: [title: string, imports: string, open: string][] = [
    ['k6/x/sse', "import sse from 'k6/x/sse'", "sse.open(URL + '/stream', (client) => client.on('event', hear))"],
    [
      'k6/ws',
      "import ws from 'k6/ws'",
      "ws.connect(URL.replace('http', 'ws'), (socket) => socket.on('message', hear))",
    ],
  ]
  for (const [title, imports, open] of streams) {
    it(`with ${title}`, async (t) => {
      const server = await streamServer(t)
      const source = `import http from 'k6/http'
        ${imports}
        const URL = __ENV.URL
        export default function () { ${body}; ${open}; console.log(heard) }`
      const { said } = await runScript(t, source, { env: { URL: server.url } })
      assert.deepEqual(said, [String(pieces)])
      const [first = 0, second = 0] = server.takenMeanwhile
      assert.ok(first < halfOfAll, `the server got rid of ${first} bytes while the first event was handled`)
      assert.ok(second < pieces * pieceBytes, `the server got rid of everything, ${second} bytes, at half of the way`)
    })
  }
})
