// k6/websockets: text and bytes there and back, events in order, close with code and reason.
import { WebSocket } from 'k6/websockets'

export const options = { iterations: 2 }

export default function () {
  const socket = new WebSocket(`${__ENV.WS_BASE}/ws/echo?i=${__ITER}`)
  socket.binaryType = 'arraybuffer'
  console.log(socket.readyState, socket.bufferedAmount)
  socket.onopen = () => {
    console.log('open', socket.readyState)
    socket.send('hello')
  }
  socket.onmessage = ({ data }) => {
    if (typeof data === 'string') {
      console.log(`text ${data}`)
      socket.send(new Uint8Array([1, 2, 3]).buffer)
    } else {
      console.log(`bytes ${new Uint8Array(data).join()}`)
      socket.close(1000, 'done')
    }
  }
  socket.addEventListener('close', (event) => console.log('close', event.code, event.type))
}
