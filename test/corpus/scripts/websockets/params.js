// Headers, tags and subprotocols of a handshake; ping and pong.
import { WebSocket } from 'k6/websockets'

export const options = { tags: { suite: 'sockets' } }

export default function () {
  const socket = new WebSocket(`${__ENV.WS_BASE}/ws/echo`, ['chat.v2', 'chat.v1'], {
    headers: { 'X-Token': 't' },
    tags: { room: 'one' },
  })
  socket.onopen = () => {
    console.log(socket.url.endsWith('/ws/echo'), socket.protocol, socket.extensions)
    socket.ping()
  }
  socket.addEventListener('pong', () => {
    console.log('pong')
    socket.close()
  })
}
