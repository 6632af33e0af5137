/**
 * A server of long conversations: WebSockets that get back what they say, and event streams on every other path that
 * hear something now and then. `node stream-server.ts <port> <ms between the events of a stream>`
 */
import { createServer, type ServerResponse } from 'node:http'
import { setInterval, setTimeout } from 'node:timers'
import { WebSocketServer } from 'ws'

const [port, everyMs] = process.argv.slice(2).map(Number) as [number, number]
const event = 'event: token\ndata: {"type":"token","index":12345,"text":"something"}\n\n'
const told = { open: 0, messages: 0 }

const server = createServer((request, response) => {
  if (request.url === '/status') response.end(JSON.stringify(told))
  else stream(response)
})
server.headersTimeout = 0
server.requestTimeout = 0

/** Not all streams hear something in the same moment. */
function stream(response: ServerResponse): void {
  let timer: NodeJS.Timeout
  const tell = (): void => {
    told.messages++
    response.write(event)
  }
  told.open++
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.flushHeaders()
  timer = setTimeout(() => {
    tell()
    timer = setInterval(tell, everyMs)
  }, everyMs * Math.random())
  response.once('close', () => {
    told.open--
    clearTimeout(timer)
  })
}

new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
  told.open++
  socket.on('message', (data) => {
    told.messages++
    socket.send(data, { binary: false })
  })
  socket.on('error', () => {})
  socket.once('close', () => told.open--)
})

server.listen({ port, host: '127.0.0.1', backlog: 4096 })
