// k6/experimental/websockets is the same module.
import { WebSocket } from 'k6/experimental/websockets'

export default function () {
  const socket = new WebSocket(`${__ENV.WS_BASE}/ws/binary?length=4`)
  socket.binaryType = 'arraybuffer'
  socket.onmessage = ({ data }) => {
    console.log(new Uint8Array(data).join())
    socket.close()
  }
}
