// k6/ws: a conversation inside connect, with timers, and what connect gives back.
import { check } from 'k6'
import ws from 'k6/ws'

export default function () {
  const response = ws.connect(
    `${__ENV.WS_BASE}/ws/echo`,
    { headers: { 'X-A': '1' }, tags: { kind: 'old' } },
    (socket) => {
      socket.on('open', () => {
        console.log('open')
        socket.send('one')
        socket.setTimeout(() => socket.sendBinary(new Uint8Array([7, 8]).buffer), 60)
      })
      socket.on('message', (text) => console.log(`text ${text}`))
      socket.on('binaryMessage', (bytes) => {
        console.log(`bytes ${new Uint8Array(bytes).join()}`)
        socket.close()
      })
      socket.on('close', () => console.log('close'))
    },
  )
  check(response, {
    'status is 101': (r) => r && r.status === 101,
    'headers are told': (r) => r.headers.Upgrade === 'websocket',
  })
  console.log('after')
}
