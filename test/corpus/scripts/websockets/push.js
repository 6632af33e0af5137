// A server that speaks by itself and then goes; over TLS.
import { WebSocket } from 'k6/websockets'

export const options = { insecureSkipTLSVerify: true }

export default function () {
  const socket = new WebSocket(`${__ENV.WSS_BASE}/ws/push?count=5`)
  socket.onmessage = ({ data }) => console.log(data)
  socket.onclose = ({ code }) => console.log('closed', code)
}
