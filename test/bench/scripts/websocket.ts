import { setInterval, setTimeout } from 'k6/timers'
import { WebSocket } from 'k6/websockets'

const everyMs = Number(__ENV.EVERY_MS)

/** A session that stays: it says something at equal intervals, from a random moment on, and gets it back. */
export default function session(): void {
  const socket = new WebSocket(__ENV.URL as string)
  const say = (): void => socket.send('{"type":"turn","content":"Are you still there?","turn":12345}')
  socket.onopen = () => {
    setTimeout(() => {
      say()
      setInterval(say, everyMs)
    }, everyMs * Math.random())
  }
  socket.onmessage = () => {}
}
