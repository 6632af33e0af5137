// A refused handshake, no server, and an exception inside.
import { sleep } from 'k6'
import ws from 'k6/ws'

const attempt = (name, url, body) => {
  try {
    const response = ws.connect(url, {}, body ?? ((socket) => socket.on('open', () => socket.close())))
    console.log(name, response.status)
  } catch (error) {
    console.log(name, 'threw')
  }
  sleep(0.1)
}

export const options = { iterations: 1 }

export default function () {
  attempt('refused', `${__ENV.WS_BASE}/ws/nothing`)
  attempt('absent', 'ws://127.0.0.1:1/')
  attempt('server goes', `${__ENV.WS_BASE}/ws/close?code=1001`, (socket) => {
    socket.on('message', (text) => console.log(text))
    socket.on('close', (code) => console.log('code', code))
  })
  attempt('inside', `${__ENV.WS_BASE}/ws/echo`, () => {
    throw new Error('inside')
  })
}
