// Two users in a room: each says hello and goes when it has heard two.
// order: none
import { check } from 'k6'
import { Counter } from 'k6/metrics'
import { WebSocket } from 'k6/websockets'

const heard = new Counter('heard')

export const options = {
  scenarios: { room: { executor: 'per-vu-iterations', vus: 2, iterations: 1 } },
  thresholds: { heard: ['count==4'] },
}

export default function () {
  const socket = new WebSocket(`${__ENV.WS_BASE}/ws/chat`)
  let count = 0
  socket.onopen = () => setTimeout(() => socket.send(JSON.stringify({ text: 'hello' })), 300)
  socket.onmessage = ({ data }) => {
    heard.add(1)
    check(JSON.parse(data), { 'says hello': (message) => message.text === 'hello' })
    if (++count === 2) socket.close()
  }
}
