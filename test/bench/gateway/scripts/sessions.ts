import exec from 'k6/execution'
import { Counter } from 'k6/metrics'
import { setInterval, setTimeout } from 'k6/timers'
import { WebSocket } from 'k6/websockets'

const everyMs = Number(__ENV.EVERY_MS)
/** Who is not answered for so long is not answered. */
const patienceMs = 5000
/** Nobody says anything before that. */
const beginMs = Number(__ENV.BEGIN_MS)
const turnsAnswered = new Counter('turns_answered')
const turnsFailed = new Counter('turns_failed')
const keys = ['key-a', 'key-b'] as const

/** A session that stays, idle at first; then it takes a turn at equal intervals, from a random moment on. */
export default function session(): void {
  const user = exec.vu.idInTest
  const key = keys[user % keys.length] as string
  const url = `${__ENV.URL}/v1/sessions/sessions-${user}/ws`
  const socket = new WebSocket(url, null, { headers: { 'x-api-key': key } })
  let turn = 0
  let ended = 0
  const say = (): void => {
    const asked = turn++
    socket.send(JSON.stringify({ type: 'turn', turn: asked, content: `What is the answer to question ${asked}?` }))
    setTimeout(() => {
      if (ended <= asked) turnsFailed.add(1)
    }, patienceMs)
  }
  socket.onopen = () => {
    const idleMs = Math.max(0, beginMs - exec.instance.currentTestRunDuration)
    setTimeout(
      () => {
        say()
        setInterval(say, everyMs)
      },
      idleMs + everyMs * Math.random(),
    )
  }
  socket.onmessage = (event) => {
    const { type } = JSON.parse(event?.data as string) as { type: string }
    if (type === 'done' || type === 'error') ended++
    if (type === 'done') turnsAnswered.add(1)
    if (type === 'error') turnsFailed.add(1)
  }
  socket.onerror = () => turnsFailed.add(1)
}
