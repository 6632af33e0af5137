// A handshake that is refused, a server that is not there, and one that goes.
import { WebSocket } from 'k6/websockets'

export const options = { iterations: 1 }

const open = (name, url) =>
  new Promise((resolve) => {
    const socket = new WebSocket(url)
    socket.onopen = () => console.log(name, 'open')
    socket.onerror = (event) => console.log(name, 'error', event.type)
    socket.onclose = (event) => {
      console.log(name, 'close', event.code)
      resolve()
    }
  })

export default async function () {
  await open('refused', `${__ENV.WS_BASE}/ws/nothing`)
  await open('absent', 'ws://127.0.0.1:1/')
  await open('closes', `${__ENV.WS_BASE}/ws/close?code=4001&reason=bye`)
}
