// connect holds up the user: http inside of it, and after it.
import { sleep } from 'k6'
import http from 'k6/http'
import ws from 'k6/ws'

export const options = { iterations: 2 }

export default function () {
  ws.connect(`${__ENV.WS_BASE}/ws/push?count=2`, {}, (socket) => {
    socket.on('message', (text) => {
      const response = http.get(`${__ENV.BASE}/text/inside`)
      console.log(text, response.body)
    })
    socket.on('error', (error) => console.log(error.error()))
  })
  sleep(0.05)
  http.get(`${__ENV.BASE}/text/after`)
}
