// What a socket refuses, by its state.
import { WebSocket } from 'k6/websockets'

const attempt = (action) => {
  try {
    action()
    console.log('fine')
  } catch (error) {
    console.log(`${error.name}`)
  }
}

export default function () {
  attempt(() => new WebSocket('http://127.0.0.1/'))
  attempt(() => new WebSocket())
  const socket = new WebSocket(`${__ENV.WS_BASE}/ws/echo`)
  attempt(() => socket.send('too early'))
  socket.onopen = () => {
    attempt(() => socket.close(1))
    socket.close()
    console.log(socket.readyState)
  }
  socket.onclose = () => console.log('closed', socket.readyState)
}
