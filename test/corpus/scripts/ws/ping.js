// Pings both ways, an interval, and a close code.
import ws from 'k6/ws'

export default function () {
  ws.connect(`${__ENV.WS_BASE}/ws/ping`, null, (socket) => {
    let ticks = 0
    socket.on('open', () => {
      socket.setInterval(() => {
        if (++ticks === 2) socket.ping()
      }, 40)
    })
    socket.on('ping', () => console.log('ping'))
    socket.on('message', (text) => console.log(text))
    socket.on('pong', () => {
      console.log('pong')
      socket.close(4002)
    })
  })
}
